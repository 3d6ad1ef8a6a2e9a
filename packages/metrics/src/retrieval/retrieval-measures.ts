import { AssayError } from '@assay/core'

/** Ranks of the relevant items of one query, from 1, in increasing order, as `relevantRanks` gives. */
type Ranks = readonly number[]

/**
 * Share of the relevant items that are among the first `k`, in [0, 1]. Cannot exceed `recallCeiling`.
 *
 * @throws AssayError `EMPTY_INPUT` (no ranks), `INVALID_ARGUMENT` (k)
 */
export function recallAtK(ranks: Ranks, k: number): number {
  assertRanks(ranks)
  assertCount(k, 'k')
  return ranks.filter((rank) => rank <= k).length / ranks.length
}

/**
 * Whether any relevant item is among the first `k`: 1 or 0.
 *
 * @throws AssayError `EMPTY_INPUT` (no ranks), `INVALID_ARGUMENT` (k)
 */
export function hitAtK(ranks: Ranks, k: number): number {
  return recallAtK(ranks, k) > 0 ? 1 : 0
}

/**
 * Average precision: the mean over relevant items of the precision at their rank, (1 / E) Σ i / rank_i,
 * in (0, 1]. Without ties equal to the area under the precision–recall step curve.
 *
 * @throws AssayError `EMPTY_INPUT` (no ranks)
 */
export function averagePrecision(ranks: Ranks): number {
  assertRanks(ranks)
  return ranks.reduce((sum, rank, index) => sum + (index + 1) / rank, 0) / ranks.length
}

/**
 * Mean of the average precision over queries, in (0, 1].
 *
 * @throws AssayError `EMPTY_INPUT` (no query, or one without ranks)
 */
export function meanAveragePrecision(queries: readonly Ranks[]): number {
  assertRanks(queries)
  return queries.reduce((sum, ranks) => sum + averagePrecision(ranks), 0) / queries.length
}

/**
 * One over the rank of the first relevant item, in (0, 1].
 *
 * @throws AssayError `EMPTY_INPUT` (no ranks)
 */
export function reciprocalRank(ranks: Ranks): number {
  assertRanks(ranks)
  return 1 / (ranks[0] ?? Number.NaN)
}

/**
 * The largest recall at `k` that can be reached with this many relevant items: min(k, E) / E.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function recallCeiling(relevant: number, k: number): number {
  assertCount(relevant, 'the number of relevant items')
  assertCount(k, 'k')
  return Math.min(k, relevant) / relevant
}

/**
 * The recall at `k` that a random order of all items reaches on average: k / N, at most 1.
 *
 * @param items relevant and other items together
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function chanceRecall(items: number, k: number): number {
  assertCount(items, 'the number of items')
  assertCount(k, 'k')
  return Math.min(1, k / items)
}

function assertRanks(ranks: readonly unknown[]): void {
  if (ranks.length > 0) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'There is nothing to average over.',
    value: 0,
    remedy: 'Leave out queries without relevant items, or report the measure as missing.',
  })
}

function assertCount(value: number, name: string): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} must be a whole number of at least 1, got ${value}.`,
    value,
    remedy: 'Pass a whole number from 1 on.',
  })
}
