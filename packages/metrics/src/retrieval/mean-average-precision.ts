import { assertRanks, type Ranks } from './assert-ranks.js'
import { averagePrecision } from './average-precision.js'

/**
 * Mean of the average precision over queries, in (0, 1].
 *
 * @throws AssayError `EMPTY_INPUT` (no query, or one without ranks)
 */
export function meanAveragePrecision(queries: readonly Ranks[]): number {
  assertRanks(queries)
  return queries.reduce((sum, ranks) => sum + averagePrecision(ranks), 0) / queries.length
}
