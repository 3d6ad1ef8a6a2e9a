import type { Matrix, Neighbour, VectorMetric } from '@assay/core'
import { cosineSimilarity, dot, euclideanDistance } from '@assay/core/linear-algebra'

const measures = {
  'inner-product': dot,
  cosine: cosineSimilarity,
  euclidean: euclideanDistance,
}

const row = ({ data, columns }: Matrix, index: number) =>
  data.subarray(index * columns, (index + 1) * columns)

/** Test oracle: every row of `vectors` with its float64 score, as an index sorts results. */
export function bruteForce(
  vectors: Matrix,
  queries: Matrix,
  metric: VectorMetric,
): Neighbour[][] {
  const sign = metric === 'euclidean' ? 1 : -1
  const id = (index: number) => vectors.ids?.[index] ?? String(index)
  const byId = (a: Neighbour, b: Neighbour) =>
    vectors.ids ? (a.id < b.id ? -1 : 1) : a.row - b.row
  return Array.from({ length: queries.rows }, (_, query) =>
    Array.from({ length: vectors.rows }, (_, index) => ({
      id: id(index),
      row: index,
      score: measures[metric](row(queries, query), row(vectors, index)),
    })).sort((a, b) => sign * (a.score - b.score) || byId(a, b)),
  )
}
