import { AssayError } from '../errors/assay-error.js'
import { createMatrix } from './create-matrix.js'
import type { Matrix } from './matrix.js'
import { rowId } from './row-id.js'

/**
 * A matrix of the rows with these numbers, in this order. Ids go with their rows; without ids, a row
 * is known by its new number.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a row that does not exist, `DUPLICATE_ID` for one that is
 *   taken twice from a matrix with ids
 */
export function selectRows(matrix: Matrix, rows: readonly number[]): Matrix {
  const { columns, ids, normalized, fingerprint } = matrix
  const data = new Float32Array(rows.length * columns)
  rows.forEach((row, index) => {
    if (!Number.isInteger(row) || row < 0 || row >= matrix.rows) {
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `There is no row ${row} in a matrix of ${matrix.rows} rows.`,
        value: row,
        remedy: 'Pass whole row numbers from 0 to `rows - 1`.',
      })
    }
    data.set(matrix.data.subarray(row * columns, (row + 1) * columns), index * columns)
  })
  const selectedIds = ids && rows.map((row) => rowId(matrix, row))
  return createMatrix({ data, columns, ids: selectedIds, normalized, fingerprint })
}
