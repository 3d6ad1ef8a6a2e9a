import { AssayError } from '@assay/core'

/** What is known of one query's scores once the others have been counted. */
export interface RankCounts {
  /** Scores of the items that should be found, largest first; at least one. */
  readonly relevant: ArrayLike<number>
  /** How many other items score above each of them. */
  readonly above: ArrayLike<number>
  /** How many other items score exactly as each of them does. */
  readonly equal: ArrayLike<number>
  /** As for `relevantRanks`. Default: `pessimistic` */
  readonly ties?: 'pessimistic' | 'expected'
}

/**
 * The ranks of the relevant items among all items, from 1, in increasing order: one more than the
 * others above, and the relevant items before. The counts may be summed over blocks of others that
 * never are in memory together.
 *
 * @throws AssayError `EMPTY_INPUT` (no relevant item), `SHAPE_MISMATCH` (lists of two lengths)
 */
export function ranksFromCounts(counts: RankCounts): number[] {
  const { relevant, above, equal, ties = 'pessimistic' } = counts
  assertCounts(counts)
  const scores = Array.from(relevant)
  return scores.map((score, place) => {
    if (ties === 'pessimistic') return above[place]! + equal[place]! + place + 1
    const first = scores.indexOf(score)
    const tied = scores.lastIndexOf(score) - first + 1
    // Of `tied` items among `equal` others in random order, the j-th stands at j (equal + tied + 1) / (tied + 1).
    return above[place]! + first + ((place - first + 1) * (equal[place]! + tied + 1)) / (tied + 1)
  })
}

function assertCounts({ relevant, above, equal }: RankCounts): void {
  if (relevant.length === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'A query without relevant items has no ranks.',
      value: 0,
      remedy: 'Leave this query out and count it as missing.',
    })
  }
  if (above.length === relevant.length && equal.length === relevant.length) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${above.length} and ${equal.length} counts for ${relevant.length} relevant items.`,
    value: [above.length, equal.length],
    remedy: 'Count the others above and those equal once for each relevant item.',
  })
}
