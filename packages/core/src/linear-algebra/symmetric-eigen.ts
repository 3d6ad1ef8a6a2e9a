import { diagonalize } from './diagonalize.js'
import { assertSymmetric, type SquareMatrix } from './square-matrix.js'
import { type Tridiagonal, tridiagonalize } from './tridiagonalize.js'

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array
  /** Row i is the unit eigenvector of value i, up to its sign. */
  readonly vectors: Float64Array
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix in float64, the values each to within some
 * n ε ‖A‖, by Householder reduction and implicit QR. A thousand rows take seconds.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE`, `INVALID_ARGUMENT` (not symmetric)
 */
export function symmetricEigen(matrix: SquareMatrix): SymmetricEigen {
  const { size } = matrix
  const { diagonal, basis } = reduce(matrix, true)
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]!)
  const vectors = new Float64Array(basis.length)
  order.forEach((from, to) => {
    vectors.set(basis.subarray(from * size, (from + 1) * size), to * size)
  })
  return { values: diagonal.sort().reverse(), vectors }
}

/**
 * All eigenvalues of a symmetric matrix, largest first: as {@link symmetricEigen}, but three to five
 * times as fast.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE`, `INVALID_ARGUMENT` (not symmetric)
 */
export function symmetricEigenvalues(matrix: SquareMatrix): Float64Array {
  return reduce(matrix, false).diagonal.sort().reverse()
}

/** Eigenvalues, and eigenvectors as rows where they are wanted, in no order. */
function reduce({ data, size }: SquareMatrix, withBasis: boolean): Tridiagonal {
  const largest = assertSymmetric({ data, size })
  // A power of two, so that scaling is exact and squares neither overflow nor vanish.
  const scale = largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest))
  const scaled = data.map((value) => value / scale)
  const tridiagonal = tridiagonalize({ data: scaled, size }, withBasis)
  diagonalize(tridiagonal)
  return { ...tridiagonal, diagonal: tridiagonal.diagonal.map((value) => value * scale) }
}
