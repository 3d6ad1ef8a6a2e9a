import type { NearReference } from '../references/shield-references.js'
import { repellencyWeight } from './repellency-weight.js'
import { seededDirection } from './seeded-direction.js'

/** Below this share of the radius a difference is made of rounding, and has no direction. */
export const NO_DIRECTION = 1e-6

/** How a prediction is pushed. */
export interface RepelOptions {
  /** Radius of every shield, above 0. */
  readonly radius: number
  /** Seed of the picture, for the direction where the prediction is the reference. */
  readonly seed: number
}

/**
 * The sum of the smallest moves that would put a point on each near reference's sphere:
 * Σ relu(r / d - 1) (x - z). Where the point is a reference itself, which has no direction to be pushed
 * in, it is pushed by the radius in a seeded one: without that the worst case would stay a copy.
 *
 * Where shields overlap the moves can cancel, and repeated references push again; see {@link repelStrictly}.
 *
 * Source: Kirchhof et al., Shielded Diffusion (2025).
 */
export function repelOnce(
  point: Float64Array,
  near: readonly NearReference[],
  { radius, seed }: RepelOptions,
): Float64Array {
  const move = new Float64Array(point.length)
  for (const { row, distance, vector } of near) {
    if (distance <= NO_DIRECTION * radius) {
      const direction = seededDirection(point.length, { seed, row })
      for (let at = 0; at < move.length; at += 1) move[at]! += radius * direction[at]!
    } else {
      const weight = repellencyWeight(distance, radius)
      for (let at = 0; at < move.length; at += 1) move[at]! += weight * (point[at]! - vector[at]!)
    }
  }
  return move
}
