import { checkPValues } from './check-p-values.js'
import { stepUp } from './step-up.js'

/**
 * Adjusted p-values of Benjamini and Yekutieli, in input order: keeps the false discovery rate under any
 * dependence of the tests, at the price of the factor 1 + 1/2 + ... + 1/m. An empty list gives an empty
 * list.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where a p-value is not from 0 to 1.
 *
 * Source: Benjamini and Yekutieli (2001), The control of the false discovery rate in multiple testing
 * under dependency, theorem 1.3.
 */
export function benjaminiYekutieli(pValues: readonly number[]): number[] {
  checkPValues(pValues)
  const harmonic = pValues.reduce((sum, _, index) => sum + 1 / (index + 1), 0)
  return stepUp(pValues, pValues.length * harmonic)
}
