import { AssayError } from '../errors/assay-error.js'
import type { Matrix } from './matrix.js'
import { rowId } from './row-id.js'

/**
 * Throws where a matrix holds a NaN or an infinity, naming the row.
 *
 * @throws AssayError `NOT_FINITE`
 */
export function assertFinite(matrix: Pick<Matrix, 'data' | 'columns' | 'ids'>): void {
  const at = matrix.data.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const row = Math.floor(at / matrix.columns)
  const id = rowId(matrix, row)
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `Row ${JSON.stringify(id)} holds ${matrix.data[at]} in column ${at % matrix.columns}.`,
    value: matrix.data[at],
    remedy: 'Leave this item out and count it as missing.',
    location: { row, id },
  })
}
