import { AssayError } from '../../errors/assay-error.js'
import { checkFinite } from '../check.js'

export function checkPValues(pValues: readonly number[]): void {
  checkFinite(pValues, 'The list of p-values')
  const row = pValues.findIndex((value) => value < 0 || value > 1)
  if (row === -1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The list of p-values has ${pValues[row]} at position ${row}.`,
    value: pValues[row],
    remedy: 'Pass p-values from 0 to 1.',
    location: { row },
  })
}
