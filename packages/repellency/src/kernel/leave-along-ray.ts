import type { NearReference } from '../references/shield-references.js'
import { seededDirection } from './seeded-direction.js'

/** Along which ray, and out of what. */
export interface RayOptions {
  readonly radius: number
  readonly seed: number
}

/**
 * The first point on a ray in a seeded direction that is in no ball: a line meets each ball in one
 * interval, and the first gap in their union is what is looked for.
 */
export function leaveAlongRay(
  point: Float64Array,
  references: readonly NearReference[],
  { radius, seed }: RayOptions,
): Float64Array {
  const direction = seededDirection(point.length, { seed, row: -1 })
  const intervals = references
    .flatMap(({ vector, distance }) => {
      let along = 0
      for (let at = 0; at < point.length; at += 1) {
        along += direction[at]! * (vector[at]! - point[at]!)
      }
      const half = radius * radius - distance * distance + along * along
      return half > 0 ? [[along - Math.sqrt(half), along + Math.sqrt(half)] as const] : []
    })
    .filter(([, end]) => end > 0)
    .sort(([one], [other]) => one - other)
  let travelled = 0
  for (const [start, end] of intervals) {
    if (start > travelled) break
    travelled = Math.max(travelled, end)
  }
  return point.map((value, at) => value + travelled * (direction[at] ?? 0))
}
