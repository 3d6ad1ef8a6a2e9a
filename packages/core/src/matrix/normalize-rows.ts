import type { Matrix } from './matrix.js'
import { rowNorms } from './row-norms.js'

/**
 * A matrix of the same directions, every row of unit Euclidean length (norms in float64). A row of
 * zeros has no direction, so it is an error and never a row of zeros or NaN. A matrix that is
 * `normalized` is returned as it is.
 *
 * @throws AssayError `ZERO_VECTOR` or `NOT_FINITE`, with the id of the row
 */
export function normalizeRows(matrix: Matrix): Matrix {
  if (matrix.normalized) return matrix
  const { columns } = matrix
  const norms = rowNorms(matrix)
  const data = new Float32Array(matrix.data.length)
  norms.forEach((norm, row) => {
    const end = (row + 1) * columns
    for (let index = row * columns; index < end; index++) data[index] = matrix.data[index]! / norm
  })
  return { ...matrix, data, normalized: true }
}
