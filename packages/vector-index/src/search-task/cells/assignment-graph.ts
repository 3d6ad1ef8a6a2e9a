import { add, cast, createGraph, matMul, mul, topK } from '@assay/tensor/graph'
import type { SearchMetric } from '../metrics/search-metric.js'

/**
 * The graph that finds, in float32, the nearest centroid of each row: the one of largest
 * `x c - |c|^2 / 2`, where x is the position of the row. Rows `[rows, columns]` and centroids
 * `[columns, cells]` with their `offsets` `[1, cells]` give int32 cell numbers `[rows, 1]`; weights
 * `[rows, 1]` join where positions are not the rows themselves.
 */
export function assignmentGraph(
  { weighting }: Pick<SearchMetric, 'weighting'>,
  columns: number,
): Uint8Array {
  const graph = createGraph({ name: 'nearest-centroids' })
  const vectors = graph.input('vectors', 'float32', ['rows', columns])
  const centroids = graph.input('centroids', 'float32', [columns, 'cells'])
  const offsets = graph.input('offsets', 'float32', [1, 'cells'])
  const products = matMul(vectors, centroids)
  const weights = () => graph.input('weights', 'float32', ['rows', 1])
  const scaled = weighting === 'factor' ? mul(products, weights()) : products
  // In JavaScript, int64 would be a BigInt a row.
  graph.output('cells', cast(topK(add(scaled, offsets), { k: 1 }).indices, 'int32'))
  return graph.toBytes()
}
