import { checkPValues } from './check-p-values.js'
import { stepUp } from './step-up.js'

/**
 * Adjusted p-values of Benjamini and Hochberg, in input order: rejecting those up to q keeps the false
 * discovery rate at q or below, for independent or positively dependent tests. An empty list gives an
 * empty list.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where a p-value is not from 0 to 1.
 *
 * Source: Benjamini and Hochberg (1995), Controlling the false discovery rate.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  checkPValues(pValues)
  return stepUp(pValues, pValues.length)
}
