import { AssayError } from '../errors/assay-error.js'
import { assertFinite } from './assert-finite.js'
import type { Matrix } from './matrix.js'
import { rowId } from './row-id.js'

/**
 * The Euclidean length of each row in float64. A row of zeros has no direction, so it is an error.
 *
 * @throws AssayError `ZERO_VECTOR` or `NOT_FINITE`, with the id of the row
 */
export function rowNorms(matrix: Matrix): Float64Array {
  assertFinite(matrix)
  const { data, rows, columns } = matrix
  const norms = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let squares = 0
    const end = (row + 1) * columns
    for (let index = row * columns; index < end; index++) squares += data[index]! ** 2
    if (squares === 0) throw zeroVector(rowId(matrix, row), row)
    norms[row] = Math.sqrt(squares)
  }
  return norms
}

const zeroVector = (id: string, row: number) =>
  new AssayError({
    code: 'ZERO_VECTOR',
    message: `Row ${JSON.stringify(id)} is all zeros and has no direction.`,
    value: id,
    remedy: 'Leave this item out and count it as missing.',
    location: { row, id },
  })
