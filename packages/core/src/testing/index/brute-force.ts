import type { Neighbour, VectorMetric } from '../../contracts/vector-index.js'
import { cosineSimilarity } from '../../linear-algebra/cosine-similarity.js'
import { dot } from '../../linear-algebra/dot.js'
import { euclideanDistance } from '../../linear-algebra/euclidean-distance.js'
import type { Matrix } from '../../matrix/matrix.js'
import { rowId } from '../../matrix/row-id.js'

const scores = {
  'inner-product': dot,
  cosine: cosineSimilarity,
  euclidean: euclideanDistance,
} as const

const rowOf = ({ data, columns }: Matrix, row: number) =>
  data.subarray(row * columns, (row + 1) * columns)

/** Whether `a` is nearer than `b`; equal scores are not. */
export const isNearer = (metric: VectorMetric, a: number, b: number): boolean =>
  metric === 'euclidean' ? a < b : a > b

/** All vectors as neighbours of one query row, in float64, from nearest to farthest, ties by id. */
export function neighboursByBruteForce(
  { vectors, metric }: { readonly vectors: Matrix; readonly metric: VectorMetric },
  queries: Matrix,
  row: number,
): readonly Neighbour[] {
  const query = rowOf(queries, row)
  // Row numbers are numbers: row 9 comes before row 10.
  const comesFirst = (a: Neighbour, b: Neighbour) => (vectors.ids ? a.id < b.id : a.row < b.row)
  return Array.from({ length: vectors.rows }, (_, at) => ({
    id: rowId(vectors, at),
    row: at,
    score: scores[metric](query, rowOf(vectors, at)),
  })).sort((a, b) => {
    if (a.score === b.score) return comesFirst(a, b) ? -1 : 1
    return isNearer(metric, a.score, b.score) ? -1 : 1
  })
}
