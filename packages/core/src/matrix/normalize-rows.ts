import { AssayError } from '../errors/assay-error.js'
import { assertFinite } from './assert-finite.js'
import type { Matrix } from './matrix.js'
import { rowId } from './row-id.js'

function euclideanNorm(values: Float32Array, start: number, end: number): number {
  let squares = 0
  for (let index = start; index < end; index++) squares += values[index]! ** 2
  return Math.sqrt(squares)
}

/**
 * A matrix of the same directions, every row of unit Euclidean length (norms in float64). A row of
 * zeros has no direction, so it is an error and never a row of zeros or NaN. A matrix that is
 * `normalized` is returned as it is.
 *
 * @throws AssayError `ZERO_VECTOR` or `NOT_FINITE`, with the id of the row
 */
export function normalizeRows(matrix: Matrix): Matrix {
  if (matrix.normalized) return matrix
  assertFinite(matrix)
  const { rows, columns } = matrix
  const data = new Float32Array(matrix.data.length)
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    const norm = euclideanNorm(matrix.data, start, start + columns)
    if (norm === 0) {
      const id = rowId(matrix, row)
      throw new AssayError({
        code: 'ZERO_VECTOR',
        message: `Row ${JSON.stringify(id)} is all zeros and has no direction.`,
        value: id,
        remedy: 'Leave this item out and count it as missing.',
        location: { row, id },
      })
    }
    for (let index = start; index < start + columns; index++) {
      data[index] = matrix.data[index]! / norm
    }
  }
  return { ...matrix, data, normalized: true }
}
