import { ascendingOrder } from './ascending-order.js'

/**
 * Step-up adjustment, in input order: min over j >= i of factor × p_(j) / j, at most 1. The factor is the
 * number of p-values for Benjamini–Hochberg.
 */
export function stepUp(pValues: readonly number[], factor: number): number[] {
  const adjusted = new Array<number>(pValues.length)
  let smallest = 1
  for (const [fromEnd, index] of ascendingOrder(pValues).reverse().entries()) {
    smallest = Math.min(smallest, (factor * pValues[index]!) / (pValues.length - fromEnd))
    adjusted[index] = smallest
  }
  return adjusted
}
