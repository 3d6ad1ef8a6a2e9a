import type { Matrix } from '@assay/core'
import { type RowVectors, rowNorms } from '@assay/core/linear-algebra'

/**
 * The rows at unit length in float64, also of a matrix that says it is `normalized`: float32 rows are
 * of unit length to some 1e-7 only.
 *
 * @throws AssayError `ZERO_VECTOR` or `NOT_FINITE`, with the id of the row
 */
export function unitRows(matrix: Matrix): RowVectors {
  const { rows, columns } = matrix
  const data = new Float64Array(matrix.data)
  rowNorms(matrix).forEach((norm, row) => {
    const end = (row + 1) * columns
    for (let index = row * columns; index < end; index++) data[index] = data[index]! / norm
  })
  return { data, rows, columns }
}
