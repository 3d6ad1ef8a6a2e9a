import { assertCount } from './assert-count.js'

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
