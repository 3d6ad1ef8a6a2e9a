import { AssayError } from '../errors/assay-error.js'
import { assertSymmetric, type SquareMatrix } from './square-matrix.js'

/**
 * The lower triangular L with A = L Lᵀ, row by row (Golub and Van Loan 2013, section 4.2).
 *
 * @throws AssayError `NOT_POSITIVE_DEFINITE` with the row where it shows, `SHAPE_MISMATCH`,
 *   `NOT_FINITE`, `INVALID_ARGUMENT` (not symmetric)
 */
export function cholesky(matrix: SquareMatrix): SquareMatrix {
  assertSymmetric(matrix)
  const { data, size } = matrix
  const lower = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = data[row * size + column]!
      for (let k = 0; k < column; k++) rest -= lower[row * size + k]! * lower[column * size + k]!
      lower[row * size + column] =
        row === column ? pivotRoot(rest, row) : rest / lower[column * size + column]!
    }
  }
  return { data: lower, size }
}

function pivotRoot(pivot: number, row: number): number {
  if (pivot > 0) return Math.sqrt(pivot)
  throw new AssayError({
    code: 'NOT_POSITIVE_DEFINITE',
    message: `The matrix is not positive definite: pivot ${row} is ${pivot}.`,
    value: pivot,
    remedy: 'Add a small positive number to the diagonal, or drop columns that depend on others.',
    location: { row },
  })
}
