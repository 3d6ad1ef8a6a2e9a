import { add, createGraph, matMul, mul, reduceMax } from '@assay/tensor/graph'
import { groupRows } from './group-rows.js'
import type { SearchMetric } from './metrics/search-metric.js'

/**
 * The graph that estimates, in float32, how near each row comes to each query, and keeps the best of
 * each group: vectors `[groups, rows, columns]` and queries `[columns, queries]`, with a weight a row
 * where the metric has one, give maxima `[groups, queries]`.
 *
 * Rows stand on the left of the product because the runtime repacks the right operand at every run.
 */
export function scoreGraph(metric: Pick<SearchMetric, 'weighting'>, columns: number): Uint8Array {
  const graph = createGraph({ name: 'group-maxima' })
  const vectors = graph.input('vectors', 'float32', ['groups', groupRows, columns])
  const queries = graph.input('queries', 'float32', [columns, 'queries'])
  const products = matMul(vectors, queries)
  const weights = () => graph.input('weights', 'float32', ['groups', groupRows, 1])
  const estimates = {
    none: () => products,
    factor: () => mul(products, weights()),
    summand: () => add(products, weights()),
  }[metric.weighting]()
  graph.output('maxima', reduceMax(estimates, { axes: [1] }))
  return graph.toBytes()
}
