import type { Box } from './settle.js'

/** The points y with normal · (y - origin) >= height; the normal is of unit length. */
export interface HalfSpace {
  readonly origin: ArrayLike<number>
  readonly normal: Float64Array
  readonly height: number
}

const SWEEPS = 200

/**
 * The nearest point in all half-spaces and in the box, by Dykstra's alternating projections: each set in
 * turn, with what it moved the point the time before taken back first. Where no point is in all of them the
 * result is not, which the caller must look for.
 *
 * Source: Boyle and Dykstra, A method for finding projections onto the intersection of convex sets in
 * Hilbert spaces (1986); over half-spaces alone it is Hildreth's method (1957).
 */
export function projectOnHalfSpaces(
  point: Float64Array,
  halfSpaces: readonly HalfSpace[],
  box: Box,
): Float64Array {
  const multipliers = new Float64Array(halfSpaces.length)
  const projected = Float64Array.from(point)
  const cut = box === null ? null : new Float64Array(point.length)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let largest = 0
    for (const [index, halfSpace] of halfSpaces.entries()) {
      const step = Math.max(-multipliers[index]!, missingHeight(projected, halfSpace))
      multipliers[index]! += step
      for (let at = 0; at < point.length; at += 1) projected[at]! += step * halfSpace.normal[at]!
      largest = Math.max(largest, Math.abs(step) / halfSpace.height)
    }
    if (box !== null && cut !== null) cutToBox(projected, cut, box)
    if (largest <= 1e-12) break
  }
  return projected
}

function missingHeight(point: Float64Array, { origin, normal, height }: HalfSpace): number {
  let reached = 0
  for (let at = 0; at < point.length; at += 1) reached += normal[at]! * (point[at]! - origin[at]!)
  return height - reached
}

/** Cuts to the box what the point would be without the last cut, and keeps what is cut off now. */
function cutToBox(point: Float64Array, cut: Float64Array, [least, most]: NonNullable<Box>): void {
  for (let at = 0; at < point.length; at += 1) {
    const free = point[at]! + cut[at]!
    point[at] = Math.min(most, Math.max(least, free))
    cut[at] = free - point[at]!
  }
}
