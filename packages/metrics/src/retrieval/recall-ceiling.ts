import { assertCount } from './assert-count.js'

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
