import { ascendingOrder } from './ascending-order.js'
import { checkPValues } from './check-p-values.js'

/**
 * Adjusted p-values of Holm, in input order: rejecting those up to α keeps the probability of even one
 * false rejection at α or below, under any dependence. An empty list gives an empty list.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where a p-value is not from 0 to 1.
 *
 * Source: Holm (1979), A simple sequentially rejective multiple test procedure.
 */
export function holm(pValues: readonly number[]): number[] {
  checkPValues(pValues)
  const adjusted = new Array<number>(pValues.length)
  let largest = 0
  for (const [rank, index] of ascendingOrder(pValues).entries()) {
    largest = Math.min(1, Math.max(largest, (pValues.length - rank) * pValues[index]!))
    adjusted[index] = largest
  }
  return adjusted
}
