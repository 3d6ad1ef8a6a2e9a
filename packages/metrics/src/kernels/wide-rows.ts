import type { Matrix } from '@assay/core'

/** Vectors in float64, row after row. */
export interface WideRows {
  readonly data: Float64Array
  readonly rows: number
  readonly columns: number
}

/** The rows of a matrix in float64, so that no sum over them rounds to float32. */
export const widen = ({ data, rows, columns }: Matrix): WideRows => ({
  data: new Float64Array(data),
  rows,
  columns,
})
