/** Smallest and largest value of a coordinate, for pictures; null for latents. */
export type Box = readonly [number, number] | null

/** What will be kept of a point: float32 values within the box. */
export function settle(point: Float64Array, box: Box): Float64Array {
  const [least, most] = box ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const settled = new Float64Array(point.length)
  for (let at = 0; at < point.length; at += 1) {
    settled[at] = Math.fround(Math.min(most, Math.max(least, point[at]!)))
  }
  return settled
}

/** Share of the radius that strict form aims beyond the sphere. */
const BEYOND = 1e-6

/** Twice the share of a vector's length that rounding it to float32 can move it. */
const ROUNDING = 2 ** -23

/** The radius that strict form aims at, so that a point which is then settled does not end inside. */
export function aimedRadius(point: Float64Array, radius: number): number {
  let squares = 0
  for (let at = 0; at < point.length; at += 1) squares += point[at]! * point[at]!
  return radius * (1 + BEYOND) + ROUNDING * Math.sqrt(squares)
}
