import type { Neighbour, VectorIndex, VectorMetric } from '../../contracts/vector-index.js'
import { AssayError } from '../../errors/assay-error.js'
import { assertComparable } from '../../matrix/assert-comparable.js'
import { assertFinite } from '../../matrix/assert-finite.js'
import type { Matrix } from '../../matrix/matrix.js'
import { neighboursByBruteForce } from './brute-force.js'

/**
 * A vector index that compares every pair in float64 JavaScript: the truth that other indexes are held
 * to, and a stand-in for tests and examples. Slow: use the exact index of `@assay/vector-index` for
 * more than some thousand vectors.
 */
export function bruteForceIndex(vectors: Matrix, metric: VectorMetric): VectorIndex {
  let isClosed = false

  function search(
    queries: Matrix,
    signal: AbortSignal | undefined,
    choose: (neighbours: readonly Neighbour[]) => readonly Neighbour[],
  ): readonly (readonly Neighbour[])[] {
    if (isClosed) throw closed()
    if (signal?.aborted) throw aborted()
    assertComparable(vectors, queries)
    assertFinite(queries)
    return Array.from({ length: queries.rows }, (_, row) =>
      choose(neighboursByBruteForce({ vectors, metric }, queries, row)),
    )
  }

  return {
    specificationVersion: 1,
    id: 'brute-force',
    metric,
    exact: true,
    size: vectors.rows,
    dimensions: vectors.columns,
    fingerprint: vectors.fingerprint,
    async nearest(queries, { k, signal }) {
      if (!(Number.isInteger(k) && k >= 1)) throw invalid('k', k)
      return search(queries, signal, (neighbours) => neighbours.slice(0, k))
    },
    async within(queries, { radius, signal }) {
      if (Number.isNaN(radius)) throw invalid('The radius', radius)
      return search(queries, signal, (neighbours) =>
        neighbours.filter(({ score }) =>
          metric === 'euclidean' ? score <= radius : score >= radius,
        ),
      )
    },
    async close() {
      isClosed = true
    },
  }
}

const invalid = (name: string, value: number) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} cannot be ${value}.`,
    value,
    remedy: 'Pass a whole number of neighbours of at least 1, or a radius that is a number.',
  })

const closed = () =>
  new AssayError({
    code: 'ENGINE_CLOSED',
    message: 'The index is closed.',
    remedy: 'Make a new index.',
  })

const aborted = () =>
  new AssayError({
    code: 'ABORTED',
    message: 'The search was aborted.',
    remedy: 'Search again without aborting.',
  })
