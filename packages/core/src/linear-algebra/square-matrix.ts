import { AssayError } from '../errors/assay-error.js'

/** A dense matrix of `size` rows and `size` columns in float64, row after row. */
export interface SquareMatrix {
  /** Row-major values; length `size * size`. */
  readonly data: Float64Array
  readonly size: number
}

/** How far mirrored values may lie apart, as a share of the largest one. */
const asymmetryTolerance = 1e-10

/**
 * Throws unless a matrix is square, finite and symmetric.
 *
 * @returns the largest absolute value
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE`, `INVALID_ARGUMENT` (not symmetric)
 */
export function assertSymmetric({ data, size }: SquareMatrix): number {
  if (!(Number.isInteger(size) && size >= 0) || data.length !== size * size) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `${data.length} values are not a square matrix of size ${size}.`,
      value: data.length,
      remedy: 'Pass `size * size` values.',
    })
  }
  let largest = 0
  for (const value of data) largest = Math.max(largest, Math.abs(value))
  if (!Number.isFinite(largest)) {
    throw new AssayError({
      code: 'NOT_FINITE',
      message: 'The matrix holds a NaN or an infinity.',
      value: largest,
      remedy: 'Leave out items that are not finite and count them as missing.',
    })
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const gap = Math.abs(data[row * size + column]! - data[column * size + row]!)
      if (gap > asymmetryTolerance * largest) {
        throw new AssayError({
          code: 'INVALID_ARGUMENT',
          message: `The matrix is not symmetric at row ${row}, column ${column}.`,
          value: gap,
          remedy: 'Pass a symmetric matrix, such as a Gram or covariance matrix.',
        })
      }
    }
  }
  return largest
}
