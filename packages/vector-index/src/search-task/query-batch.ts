import type { Tensor } from '@assay/core'
import type { ErrorBound, SearchMetric } from './metrics/search-metric.js'

/** Queries that are searched for in one pass. */
export interface QueryBatch {
  readonly count: number
  /** The queries as they are, row-major. */
  readonly values: Float32Array
  /** The queries as the graph takes them: scaled by the metric, one a column. */
  readonly columns: Tensor
  /** Euclidean length of each. */
  readonly lengths: Float64Array
  /** How far estimates for each may be off. */
  readonly bounds: readonly ErrorBound[]
}

/** Prepares queries, `columns` values each; zero and non-finite ones were refused before. */
export function queryBatch(
  values: Float32Array,
  columns: number,
  metric: SearchMetric,
): QueryBatch {
  const count = values.length / columns
  const lengths = new Float64Array(count)
  const scaled = new Float32Array(values.length)
  for (let query = 0; query < count; query++) {
    const row = values.subarray(query * columns, (query + 1) * columns)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0))
    const factor = metric.queryFactor(length)
    row.forEach((value, column) => {
      scaled[column * count + query] = value * factor
    })
    lengths[query] = length
  }
  const bounds = Array.from(lengths, (length) => metric.errorBound(columns, length))
  const transposed: Tensor = { type: 'float32', dims: [columns, count], data: scaled }
  return { count, values, columns: transposed, lengths, bounds }
}
