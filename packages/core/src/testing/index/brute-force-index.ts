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
    choose: (neighbours: readonly Neighbour[], query: number) => readonly Neighbour[],
  ): readonly (readonly Neighbour[])[] {
    if (isClosed) throw closed()
    if (signal?.aborted) throw aborted()
    assertComparable(vectors, queries)
    assertFinite(queries)
    return Array.from({ length: queries.rows }, (_, row) =>
      choose(neighboursByBruteForce({ vectors, metric }, queries, row), row),
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
      if ([radius].flat().some(Number.isNaN)) throw invalid('A radius', Number.NaN)
      const radii = typeof radius === 'number' ? Array<number>(queries.rows).fill(radius) : radius
      if (radii.length !== queries.rows) throw mismatch(radii.length, queries.rows)
      return search(queries, signal, (neighbours, query) =>
        neighbours.filter(({ score }) =>
          metric === 'euclidean' ? score <= radii[query]! : score >= radii[query]!,
        ),
      )
    },
    async close() {
      isClosed = true
    },
  }
}

const mismatch = (radii: number, queries: number) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${radii} radii for ${queries} queries.`,
    value: radii,
    remedy: 'Give one radius for all queries, or one for each.',
  })

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
