import { assertRanks, type Ranks } from './assert-ranks.js'

/**
 * One over the rank of the first relevant item, in (0, 1].
 *
 * @throws AssayError `EMPTY_INPUT` (no ranks)
 */
export function reciprocalRank(ranks: Ranks): number {
  assertRanks(ranks)
  return 1 / (ranks[0] ?? Number.NaN)
}
