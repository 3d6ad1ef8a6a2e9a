import { innerProducts } from '@assay/core/linear-algebra'
import type { WideRows } from './wide-rows.js'

/** A Bᵀ: the inner products of each row of `a` with each row of `b`, row-major. */
export function rowProducts(a: WideRows, b: WideRows): WideRows {
  const data = new Float64Array(a.rows * b.rows)
  for (let row = 0; row < a.rows; row++) {
    innerProducts({ from: a, row, to: b }, data.subarray(row * b.rows, (row + 1) * b.rows))
  }
  return { data, rows: a.rows, columns: b.rows }
}
