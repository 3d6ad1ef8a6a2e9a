import type { Matrix } from '@assay/core'
import { rowNorms } from '@assay/core/linear-algebra'

/** Rows of unit length in float64. */
export interface UnitRows {
  /** Row-major values; length `rows * columns`. */
  readonly values: Float64Array
  readonly rows: number
  readonly columns: number
}

/** The rows of a matrix, made unit. @throws AssayError `ZERO_VECTOR`, `NOT_FINITE` */
export function unitRows(matrix: Matrix): UnitRows {
  const { data, rows, columns } = matrix
  const norms = rowNorms(matrix)
  const values = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row += 1) {
    const end = (row + 1) * columns
    for (let at = row * columns; at < end; at += 1) values[at] = data[at]! / norms[row]!
  }
  return { values, rows, columns }
}

/** One row, as a view. */
export const rowAt = ({ values, columns }: UnitRows, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns)

/** The rows with these numbers, in this order. */
export function selectUnitRows(from: UnitRows, chosen: readonly number[]): UnitRows {
  const { columns } = from
  const values = new Float64Array(chosen.length * columns)
  chosen.forEach((row, index) => {
    values.set(rowAt(from, row), index * columns)
  })
  return { values, rows: chosen.length, columns }
}
