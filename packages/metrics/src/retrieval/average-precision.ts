import { assertRanks, type Ranks } from './assert-ranks.js'

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
