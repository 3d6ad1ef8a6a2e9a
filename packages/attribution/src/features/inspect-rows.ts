import { AssayError, type Matrix } from '@assay/core'

// Unit vectors of 2,048 float16 numbers keep their squared length to about 1e-3.
const TOLERANCE = 0.01

/**
 * Rows of a matrix that are zero; throws where a row is not what the matrix says it is.
 *
 * @param firstRow number of the matrix's first row in its source, for errors
 * @throws AssayError `NOT_FINITE` and `NORMALIZATION_MISMATCH`, with the row and its id
 */
export function inspectRows(matrix: Matrix, firstRow = 0): number[] {
  const { data, rows, columns, normalized } = matrix
  const zeroRows: number[] = []
  for (let row = 0; row < rows; row++) {
    let square = 0
    const end = (row + 1) * columns
    for (let at = row * columns; at < end; at++) square += data[at]! * data[at]!
    if (!Number.isFinite(square)) throw notFinite(matrix, row, firstRow)
    if (square === 0) zeroRows.push(row)
    else if (normalized && Math.abs(square - 1) > TOLERANCE) {
      throw notNormalized(matrix, { row, firstRow, length: Math.sqrt(square) })
    }
  }
  return zeroRows
}

function placeOf({ ids }: Matrix, row: number, firstRow: number) {
  const id = ids?.[row] ?? String(firstRow + row)
  return { row: firstRow + row, id }
}

function notFinite(matrix: Matrix, row: number, firstRow: number): AssayError {
  const { data, columns } = matrix
  const values = data.subarray(row * columns, (row + 1) * columns)
  const column = values.findIndex((value) => !Number.isFinite(value))
  const location = placeOf(matrix, row, firstRow)
  return new AssayError({
    code: 'NOT_FINITE',
    message: `The features of ${JSON.stringify(location.id)} hold ${values[column]} in column ${column}.`,
    value: values[column],
    remedy: 'Leave this item out and count it as missing, or embed it again.',
    location,
  })
}

function notNormalized(
  matrix: Matrix,
  { row, firstRow, length }: { row: number; firstRow: number; length: number },
): AssayError {
  const location = placeOf(matrix, row, firstRow)
  return new AssayError({
    code: 'NORMALIZATION_MISMATCH',
    message: `The features of ${JSON.stringify(location.id)} have length ${length}, but are said to be normalised.`,
    value: length,
    remedy: 'Say that these features are raw (`normalized: false`), or normalise them.',
    location,
  })
}
