import type { Matrix } from '@assay/core'
import { rowNorms } from '@assay/core/linear-algebra'
import { type WideRows, widen } from './wide-rows.js'

/**
 * The rows at unit length in float64, also of a matrix that says it is `normalized`: float32 rows are
 * of unit length to some 1e-7 only.
 *
 * @throws AssayError `ZERO_VECTOR` or `NOT_FINITE`, with the id of the row
 */
export function unitRows(matrix: Matrix): WideRows {
  const wide = widen(matrix)
  const { data, columns } = wide
  rowNorms(matrix).forEach((norm, row) => {
    const end = (row + 1) * columns
    for (let index = row * columns; index < end; index++) data[index] = data[index]! / norm
  })
  return wide
}
