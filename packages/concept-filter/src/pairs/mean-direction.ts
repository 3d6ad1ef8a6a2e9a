import { AssayError, type Matrix } from '@assay/core'

/**
 * The mean of the rows' unit vectors, made unit again.
 *
 * @throws AssayError `EMPTY_INPUT`, `NOT_FINITE`, `ZERO_VECTOR` (a row, or a mean of rows that cancel out)
 */
export function meanDirection(name: string, { data, rows, columns }: Matrix): Float64Array {
  if (rows === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: `${name} has no prompt.`,
      value: rows,
      remedy: 'Give each side at least one prompt.',
    })
  }
  const sum = new Float64Array(columns)
  for (let row = 0; row < rows; row += 1) {
    const unit = unitVector(
      name,
      Float64Array.from(data.subarray(row * columns, (row + 1) * columns)),
    )
    for (let column = 0; column < columns; column += 1) sum[column]! += unit[column]!
  }
  return unitVector(name, sum)
}

/** A vector of length 1 in the same direction. @throws AssayError `NOT_FINITE`, `ZERO_VECTOR` */
export function unitVector(name: string, vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((total, value) => total + value * value, 0))
  if (length > 0 && Number.isFinite(length)) return vector.map((value) => value / length)
  throw new AssayError({
    code: length === 0 ? 'ZERO_VECTOR' : 'NOT_FINITE',
    message: `${name}: an embedding ${length === 0 ? 'is all zeros' : 'holds a value that is no number'}.`,
    value: length,
    remedy: 'Check the text encoder; every prompt must have a direction.',
  })
}
