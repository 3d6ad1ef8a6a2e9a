import { checkFinite } from '../check.js'
import { ascendingOrder } from '../multiplicity/ascending-order.js'

/**
 * Ranks from 1 for the smallest value; equal values share the mean of their ranks.
 *
 * @throws `NOT_FINITE` for NaN and infinities.
 */
export function averageRanks(values: ArrayLike<number>): number[] {
  checkFinite(values, 'The list to rank')
  const order = ascendingOrder(values)
  const ranks = new Array<number>(values.length)
  let start = 0
  while (start < order.length) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1
    for (const index of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}
