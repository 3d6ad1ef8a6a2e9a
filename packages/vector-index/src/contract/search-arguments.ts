import { AssayError, assertComparable, type Matrix, type VectorMetric } from '@assay/core'
import { assertFinite, rowNorms } from '@assay/core/linear-algebra'

/** @throws AssayError `INVALID_ARGUMENT` unless `k` is a whole number from 1 */
export function assertNeighbours(k: number): void {
  if (Number.isSafeInteger(k) && k >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `k must be a whole number of at least 1, got ${k}.`,
    value: k,
    remedy: 'Ask for at least one neighbour.',
  })
}

/**
 * The radius of each query.
 *
 * @throws AssayError `INVALID_ARGUMENT` unless each is a number, `SHAPE_MISMATCH` unless there is one for
 *   each query or one for all
 */
export function queryRadii(
  radius: number | readonly number[],
  queries: number,
): Float64Array<ArrayBuffer> {
  const given = typeof radius === 'number' ? [radius] : radius
  for (const each of given) assertRadius(each)
  if (typeof radius === 'number') return new Float64Array(queries).fill(radius)
  if (given.length === queries) return Float64Array.from(given)
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${given.length} radii for ${queries} queries.`,
    value: given.length,
    remedy: 'Give one radius for all queries, or one for each.',
  })
}

function assertRadius(radius: number): void {
  if (typeof radius === 'number' && !Number.isNaN(radius)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A radius must be a number, got ${radius}.`,
    value: radius,
    remedy: 'Give a distance for euclidean, and a least score for the other metrics.',
  })
}

/** What an index says of its vectors. */
interface IndexSpace {
  readonly metric: VectorMetric
  readonly dimensions: number
  readonly fingerprint: string | null
}

/**
 * The values of queries, in memory of their own that can move elsewhere.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NOT_FINITE`, `ZERO_VECTOR` (cosine)
 */
export function queryValues(
  { metric, dimensions, fingerprint }: IndexSpace,
  queries: Matrix,
): Float32Array<ArrayBuffer> {
  assertComparable({ columns: dimensions, fingerprint }, queries)
  if (metric === 'cosine') rowNorms(queries)
  else assertFinite(queries)
  return new Float32Array(queries.data)
}
