import { assertCount } from './assert-count.js'
import { assertRanks, type Ranks } from './assert-ranks.js'

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
