import type { Ranks } from './assert-ranks.js'
import { recallAtK } from './recall-at-k.js'

/**
 * Whether any relevant item is among the first `k`: 1 or 0.
 *
 * @throws AssayError `EMPTY_INPUT` (no ranks), `INVALID_ARGUMENT` (k)
 */
export function hitAtK(ranks: Ranks, k: number): number {
  return recallAtK(ranks, k) > 0 ? 1 : 0
}
