import { AssayError } from '../errors/assay-error.js'
import type { Matrix } from './matrix.js'

type Space = Pick<Matrix, 'columns' | 'fingerprint'>

/**
 * Throws unless vectors of `one` and `other` may be compared: as many columns, and no two different
 * fingerprints (an unknown one, null, goes with any).
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`
 */
export function assertComparable(one: Space, other: Space): void {
  if (one.columns !== other.columns) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `Vectors of ${one.columns} columns cannot be compared with vectors of ${other.columns}.`,
      value: [one.columns, other.columns],
      remedy: 'Embed both sets with the same encoder.',
    })
  }
  const known = one.fingerprint !== null && other.fingerprint !== null
  if (known && one.fingerprint !== other.fingerprint) {
    throw new AssayError({
      code: 'FINGERPRINT_MISMATCH',
      message: `Vectors of ${one.fingerprint} cannot be compared with vectors of ${other.fingerprint}.`,
      value: [one.fingerprint, other.fingerprint],
      remedy: 'Embed both sets again with the same weights and preprocessing.',
    })
  }
}
