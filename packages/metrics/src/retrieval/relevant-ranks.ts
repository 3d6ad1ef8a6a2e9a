import { AssayError } from '@assay/core'
import { ranksFromCounts } from './ranks-from-counts.js'

/** The scores of one query. */
export interface RankingScores {
  /** Scores of the items that should be found; at least one. */
  readonly relevant: ArrayLike<number>
  /** Scores of all other items. */
  readonly others: ArrayLike<number>
  /**
   * Where a relevant item stands among others of exactly its score: behind all of them
   * (`pessimistic`), or where it stands on average if they were in random order (`expected`, which
   * may be a fraction). Default: `pessimistic`
   */
  readonly ties?: 'pessimistic' | 'expected'
}

/**
 * The ranks of the relevant items among all items, highest score first, from 1, in increasing order.
 * Found by counting, without a sort of the others.
 *
 * @throws AssayError `EMPTY_INPUT` (no relevant item), `NOT_FINITE` (a NaN; infinities have an order)
 */
export function relevantRanks(scores: RankingScores): number[] {
  const { others, ties = 'pessimistic' } = scores
  assertNumbers(scores.relevant)
  assertNumbers(others)
  const relevant = Float64Array.from(scores.relevant).sort().reverse()
  const counts = Array.from(relevant, (score) => countAgainst(others, score))
  return ranksFromCounts({
    relevant,
    above: counts.map(({ above }) => above),
    equal: counts.map(({ equal }) => equal),
    ties,
  })
}

function countAgainst(others: ArrayLike<number>, score: number) {
  let above = 0
  let equal = 0
  for (let index = 0; index < others.length; index++) {
    const other = others[index]!
    if (other > score) above += 1
    else if (other === score) equal += 1
  }
  return { above, equal }
}

function assertNumbers(scores: ArrayLike<number>): void {
  for (let index = 0; index < scores.length; index++) {
    if (Number.isNaN(scores[index])) {
      throw new AssayError({
        code: 'NOT_FINITE',
        message: `Score ${index} is NaN and cannot be ranked.`,
        value: Number.NaN,
        remedy: 'Leave this item out and count it as missing.',
        location: { row: index },
      })
    }
  }
}
