/** Vectors in float64, row after row. */
export interface WideRows {
  /** Row-major values; length `rows * columns`. */
  readonly data: Float64Array
  readonly rows: number
  readonly columns: number
}

/**
 * Matrix products in float64, which is where nearly all time of the gradient methods goes. The default
 * is `javascriptProducts`; `engineProducts` of `@assay/attribution/train` runs on ONNX Runtime, many
 * times faster.
 */
export interface MatrixProducts {
  /** What computes, for the provenance of results. */
  readonly id: string
  /**
   * A Bᵀ: the inner product of each row of `a` with each row of `b`, row-major, `a.rows * b.rows`
   * values. The rows have equally many columns; `a` and `b` may be the same object.
   *
   * @throws AssayError `ABORTED`, and what an engine throws
   */
  rowProducts(a: WideRows, b: WideRows, signal?: AbortSignal): Promise<Float64Array>
}
