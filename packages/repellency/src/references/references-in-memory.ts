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
  const { project, dimensions } = projection
  const projected = new Float64Array(vectors.length * dimensions)
  for (const [row, vector] of vectors.entries()) projected.set(project(vector), row * dimensions)
  return (point: Float64Array, radius: number): Candidates => {
    const own = project(point)
    const limit = radius + roundingSlack(Math.sqrt(dot(point, point)), radius, point.length)
    return rowsBelow(own, projected, limit).map((row) => [row, vectors[row]!])
  }
}

/** Rows of a matrix that lie no farther from a point than a limit. */
function rowsBelow(point: Float64Array, data: Float64Array, limit: number): readonly number[] {
  const { length } = point
  const rows: number[] = []
  for (let row = 0, start = 0; start < data.length; row += 1, start += length) {
    let sum = 0
    for (let at = 0; at < length; at += 1) {
      const difference = point[at]! - data[start + at]!
      sum += difference * difference
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
