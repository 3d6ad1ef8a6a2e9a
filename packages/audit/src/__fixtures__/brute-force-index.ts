import { type Matrix, type Neighbour, type VectorIndex, type VectorMetric } from '@assay/core'
import { cosineSimilarity } from '@assay/core/linear-algebra'

const rowOf = ({ data, columns }: Matrix, row: number) =>
  data.subarray(row * columns, (row + 1) * columns)

/** A cosine index that compares everything with everything: what any index must equal. */
export async function bruteForceIndex(vectors: Matrix, metric: VectorMetric): Promise<VectorIndex> {
  const ranked = (query: Float32Array): Neighbour[] =>
    Array.from({ length: vectors.rows }, (_, row) => ({
      id: vectors.ids?.[row] ?? String(row),
      row,
      score: cosineSimilarity(query, rowOf(vectors, row)),
    })).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  const search = async (queries: Matrix, select: (neighbours: Neighbour[]) => Neighbour[]) =>
    Array.from({ length: queries.rows }, (_, row) => select(ranked(rowOf(queries, row))))
  return {
    specificationVersion: 1,
    id: 'brute-force',
    metric,
    exact: true,
    size: vectors.rows,
    dimensions: vectors.columns,
    fingerprint: vectors.fingerprint,
    nearest: (queries, { k }) => search(queries, (neighbours) => neighbours.slice(0, k)),
    within: (queries, { radius }) =>
      search(queries, (neighbours) => neighbours.filter(({ score }) => score >= radius)),
    close: async () => {},
  }
}
