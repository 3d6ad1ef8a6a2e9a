import { createMatrix, type Matrix } from '@assay/core'
import { mulberry32 } from '@assay/core/testing'

/** Standard normal rows of the mulberry32 stream, rounded to float32, as `metrics.oracle.py` has. */
export function normalMatrix(options: {
  readonly seed: number
  readonly rows: number
  readonly columns: number
  /** Added to every value. Default: 0 */
  readonly shift?: number
}): Matrix {
  const { seed, rows, columns, shift = 0 } = options
  const { normal } = mulberry32(seed)
  const values = Float32Array.from({ length: rows * columns }, normal)
  return createMatrix({ data: values.map((value) => value + Math.fround(shift)), columns })
}
