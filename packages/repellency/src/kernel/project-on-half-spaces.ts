import type { NearReference } from '../references/shield-references.js'

const SWEEPS = 200

/**
 * The nearest point y with n_k · (y - z_k) >= radius for every near reference z_k, n_k being the direction
 * from it to the point: each half-space lies outside its ball, so a point in all of them is in no shield.
 * Hildreth's method, one multiplier a half-space, raised in turn; where no point is in all of them the
 * result is in some shield, which the caller must look for.
 *
 * Source: Hildreth, A quadratic programming procedure, Naval Research Logistics Quarterly 4 (1957).
 */
export function projectOnHalfSpaces(
  point: Float64Array,
  near: readonly NearReference[],
  radius: number,
): Float64Array {
  const planes = near
    .filter(({ distance }) => distance > 0)
    .map(({ vector, distance }) => ({
      vector,
      normal: point.map((value, at) => (value - (vector[at] ?? 0)) / distance),
      multiplier: 0,
    }))
  const projected = Float64Array.from(point)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let largest = 0
    for (const plane of planes) {
      const { vector, normal } = plane
      let height = 0
      for (let at = 0; at < point.length; at += 1) {
        height += normal[at]! * (projected[at]! - vector[at]!)
      }
      const step = Math.max(-plane.multiplier, radius - height)
      plane.multiplier += step
      for (let at = 0; at < point.length; at += 1) projected[at]! += step * normal[at]!
      largest = Math.max(largest, Math.abs(step))
    }
    if (largest <= 1e-12 * radius) break
  }
  return projected
}
