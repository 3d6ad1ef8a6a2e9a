import { AssayError, type Matrix } from '@assay/core'
import type { FeatureBlock } from './feature-source.js'

// Unit vectors of 2,048 float16 numbers keep their squared length to about 1e-3.
const TOLERANCE = 0.01

/**
 * A block of its rows, each looked at: which are zero, and that none is not what its matrix says.
 *
 * @throws AssayError `NOT_FINITE` and `NORMALIZATION_MISMATCH`, with the row and its id
 */
export function inspectBlock({
  firstRow,
  matrix,
  mirrored,
}: Omit<FeatureBlock, 'zeroRows'>): FeatureBlock {
  const found = [
    ...zeroRowsOf(matrix, firstRow),
    ...(mirrored ? zeroRowsOf(mirrored, firstRow) : []),
  ]
  const zeroRows = [...new Set(found)].sort((one, other) => one - other)
  return { firstRow, matrix, mirrored, zeroRows }
}

function zeroRowsOf(matrix: Matrix, firstRow: number): number[] {
  const { data, rows, columns, normalized } = matrix
  const zeroRows: number[] = []
  for (let row = 0; row < rows; row++) {
    const square = squaredLength(data, row * columns, columns)
    if (!Number.isFinite(square)) throw notFinite(matrix, row, firstRow)
    if (square === 0) zeroRows.push(row)
    else if (normalized && !isUnit(square)) {
      throw notNormalized(matrix, { row, firstRow, length: Math.sqrt(square) })
    }
  }
  return zeroRows
}

const isUnit = (square: number) => Math.abs(square - 1) <= TOLERANCE

/** Whether the rows of a matrix, zero rows aside, all have unit length. */
export function looksNormalized({ data, rows, columns }: Matrix): boolean {
  const squares = Array.from({ length: rows }, (_, row) =>
    squaredLength(data, row * columns, columns),
  )
  const present = squares.filter((square) => square !== 0)
  return present.length > 0 && present.every(isUnit)
}

function squaredLength(data: Float32Array, start: number, count: number): number {
  let square = 0
  for (let at = start; at < start + count; at++) square += data[at]! * data[at]!
  return square
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
