import { diagonalize } from './diagonalize.js'
import { assertSymmetric, type SquareMatrix } from './square-matrix.js'
import { tridiagonalize } from './tridiagonalize.js'

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array
  /** Row i is the unit eigenvector of value i, up to its sign; null where it was not asked for. */
  readonly vectors: Float64Array | null
}

/**
 * All eigenvalues of a symmetric matrix in float64, each to within some n ε ‖A‖, by Householder
 * reduction and implicit QR. A thousand rows take seconds.
 *
 * @param options.vectors whether eigenvectors are wanted too; three to five times the work. Default:
 *   true
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE`, `INVALID_ARGUMENT` (not symmetric)
 */
export function symmetricEigen(
  matrix: SquareMatrix,
  options: { readonly vectors?: boolean } = {},
): SymmetricEigen {
  const { size } = matrix
  const largest = assertSymmetric(matrix)
  // A power of two, so that scaling is exact and squares neither overflow nor vanish.
  const scale = largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest))
  const scaled = matrix.data.map((value) => value / scale)
  const tridiagonal = tridiagonalize({ data: scaled, size }, options.vectors ?? true)
  diagonalize(tridiagonal)
  const { diagonal, basis } = tridiagonal
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]!)
  return {
    values: Float64Array.from(order, (at) => diagonal[at]! * scale),
    vectors: basis && sortRows(basis, order),
  }
}

function sortRows(rows: Float64Array, order: readonly number[]): Float64Array {
  const size = order.length
  const sorted = new Float64Array(rows.length)
  order.forEach((from, to) => {
    sorted.set(rows.subarray(from * size, (from + 1) * size), to * size)
  })
  return sorted
}
