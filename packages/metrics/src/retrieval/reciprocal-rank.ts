import type { Ranks } from './assert-ranks.js'
import { averagePrecision } from './average-precision.js'

/**
 * One over the rank of the first relevant item, in (0, 1]: the average precision of that item alone.
 *
 * @throws AssayError `EMPTY_INPUT` (no ranks)
 */
export function reciprocalRank(ranks: Ranks): number {
  return averagePrecision(ranks.slice(0, 1))
}
