import type { Matrix } from '@assay/core'
import { assertFinite, dot } from '@assay/core/linear-algebra'
import { assertRunning } from './assert-running.js'
import type { Projection } from './projection.js'
import { roundingSlack } from './rounding-slack.js'
import type { NearReference, ShieldReferences } from './shield-references.js'

/** Values that are summed between two looks at the sum so far. */
const BLOCK = 64

/** How references in memory are found. */
export interface ReferencesInMemoryOptions {
  /**
   * Rules out far references by comparing projections, which are shorter: for thousands of them.
   * Default: they are compared as they are.
   */
  readonly projection?: Projection
}

/**
 * References that are compared one by one; each comparison ends as soon as the sum of squares says that it
 * is too far. For up to some ten thousand references, more with a projection, and for the pictures of a
 * batch. None is missed: projections never lie farther apart than what they are of.
 *
 * @throws AssayError `NOT_FINITE` with the row; `SHAPE_MISMATCH` for a projection of other rows; from
 *   `within` `ABORTED`
 */
export function referencesInMemory(
  references: Matrix,
  { projection }: ReferencesInMemoryOptions = {},
): ShieldReferences {
  assertFinite(references)
  const { rows, columns, data, fingerprint } = references
  const vectors = Array.from({ length: rows }, (_, row) =>
    data.subarray(row * columns, (row + 1) * columns),
  )
  const candidatesOf = projection
    ? projectedCandidates(vectors, projection)
    : () => vectors.entries()
  return {
    size: rows,
    dimensions: columns,
    fingerprint,
    async within(points, { radius, signal }) {
      assertRunning(signal)
      return points.map((point) => nearAmong(point, candidatesOf(point, radius), radius))
    },
  }
}

/** The vectors nearer to a point than the radius, in the order of rows. */
export const nearTo = (
  point: Float64Array,
  vectors: readonly ArrayLike<number>[],
  radius: number,
): readonly NearReference[] => nearAmong(point, vectors.entries(), radius)

/** Vectors with their rows, in the order of rows. */
type Candidates = Iterable<readonly [row: number, vector: ArrayLike<number>]>

function nearAmong(
  point: Float64Array,
  candidates: Candidates,
  radius: number,
): readonly NearReference[] {
  const near: NearReference[] = []
  for (const [row, vector] of candidates) {
    const distance = distanceBelow(point, vector, radius)
    if (distance !== null) near.push({ row, distance, vector })
  }
  return near
}

/** Finds the vectors whose projections are not too far for them to be within the radius. */
function projectedCandidates(vectors: readonly Float32Array[], projection: Projection) {
  const projections = vectors.map((vector) => projection.project(vector))
  const order = bySpread(projections, projection.dimensions)
  const projected = new Float64Array(vectors.length * order.length)
  for (const [row, values] of projections.entries()) {
    projected.set(inOrder(values, order), row * order.length)
  }
  return (point: Float64Array, radius: number): Candidates => {
    const own = inOrder(projection.project(point), order)
    const limit = radius + roundingSlack(Math.sqrt(dot(point, point)), radius, point.length)
    return rowsBelow(own, projected, limit).map((row) => [row, vectors[row]!])
  }
}

/** Places of a row, those first whose values differ most: far rows are then told by their first values. */
function bySpread(rows: readonly ArrayLike<number>[], length: number): readonly number[] {
  const places = Array.from({ length }, (_, place) => place)
  const spreads = places.map((place) => {
    const values = rows.map((row) => row[place]!)
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  })
  return places.sort((one, other) => spreads[other]! - spreads[one]!)
}

const inOrder = (values: ArrayLike<number>, order: readonly number[]) =>
  Float64Array.from(order, (place) => values[place]!)

/** Projected values that are summed between two looks at the sum so far. */
const PROJECTED_BLOCK = 6

/** Rows of a matrix that lie no farther from a point than a limit. */
function rowsBelow(point: Float64Array, data: Float64Array, limit: number): readonly number[] {
  const { length } = point
  const rows: number[] = []
  for (let row = 0, start = 0; start < data.length; row += 1, start += length) {
    let sum = 0
    for (let at = 0; at < length && sum <= limit * limit; ) {
      const end = Math.min(length, at + PROJECTED_BLOCK)
      for (; at < end; at += 1) {
        const difference = point[at]! - data[start + at]!
        sum += difference * difference
      }
    }
    if (sum <= limit * limit) rows.push(row)
  }
  return rows
}

/** The distance of two vectors, or null as soon as it cannot be below `radius`. */
export function distanceBelow(
  point: ArrayLike<number>,
  vector: ArrayLike<number>,
  radius: number,
): number | null {
  const limit = radius * radius
  const { length } = vector
  let sum = 0
  for (let start = 0; start < length; start += BLOCK) {
    const end = Math.min(length, start + BLOCK)
    for (let at = start; at < end; at += 1) {
      const difference = point[at]! - vector[at]!
      sum += difference * difference
    }
    if (sum > limit) return null
  }
  const distance = Math.sqrt(sum)
  return distance < radius ? distance : null
}
