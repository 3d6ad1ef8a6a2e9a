import type { Matrix } from '@assay/core'
import { assertFinite } from '@assay/core/linear-algebra'
import type { NearReference, ShieldReferences } from './shield-references.js'

/** Values that are summed between two looks at the sum so far. */
const BLOCK = 64

/**
 * References that are compared one by one; each comparison ends as soon as the sum of squares says that it
 * is too far. For up to some ten thousand references, and for the pictures of a batch.
 *
 * @throws AssayError `NOT_FINITE` with the row
 */
export function referencesInMemory(references: Matrix): ShieldReferences {
  assertFinite(references)
  const { rows, columns, data, fingerprint } = references
  const vectors = Array.from({ length: rows }, (_, row) =>
    data.subarray(row * columns, (row + 1) * columns),
  )
  return {
    size: rows,
    dimensions: columns,
    fingerprint,
    within: async (points, { radius }) => points.map((point) => nearTo(point, vectors, radius)),
  }
}

/** The vectors nearer to a point than the radius, in the order of rows. */
export function nearTo(
  point: Float64Array,
  vectors: readonly ArrayLike<number>[],
  radius: number,
): readonly NearReference[] {
  const near: NearReference[] = []
  for (const [row, vector] of vectors.entries()) {
    const distance = distanceBelow(point, vector, radius)
    if (distance !== null) near.push({ row, distance, vector })
  }
  return near
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
