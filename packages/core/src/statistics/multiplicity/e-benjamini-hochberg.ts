import { AssayError } from '../../errors/assay-error.js'
import { stepUp } from './step-up.js'

/**
 * The e-BH procedure over e-values, as adjusted values in input order: rejecting those up to q keeps the
 * false discovery rate at q or below under any dependence, and rejects the largest k e-values with
 * E_(k) >= m / (q k). An empty list gives an empty list.
 *
 * @param eValues Numbers of at least 0; Infinity is allowed.
 * @throws `INVALID_ARGUMENT` where a value is negative or NaN.
 *
 * Source: Wang and Ramdas (2022), False discovery rate control with e-values.
 */
export function eBenjaminiHochberg(eValues: readonly number[]): number[] {
  const row = eValues.findIndex((value) => !(value >= 0))
  if (row !== -1) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The list of e-values has ${eValues[row]} at position ${row}.`,
      value: eValues[row],
      remedy: 'Pass e-values of at least 0.',
      location: { row },
    })
  }
  const inverses = eValues.map((value) => 1 / value)
  return stepUp(inverses, eValues.length)
}
