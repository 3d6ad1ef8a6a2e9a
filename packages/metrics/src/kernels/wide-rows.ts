import type { Matrix } from '@assay/core'

/** Vectors in float64, row after row. */
export interface WideRows {
  readonly data: Float64Array
  readonly rows: number
  readonly columns: number
}

/** One row of a set, and the rows of a set that it is compared with. */
export interface RowQuery {
  readonly from: WideRows
  /** Row of `from`. */
  readonly row: number
  readonly to: WideRows
  /** First row of `to` that counts. Default: 0 */
  readonly start?: number
}

/** The rows of a matrix in float64, so that no sum over them rounds to float32. */
export const widen = ({ data, rows, columns }: Matrix): WideRows => ({
  data: new Float64Array(data),
  rows,
  columns,
})
