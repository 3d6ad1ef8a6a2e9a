import { addScaled, innerProduct } from './vectors.js'

/** Unit vectors within an angle of a centre. */
export interface SphericalCap {
  readonly centre: Float64Array
  /** In radians; π and more is the whole sphere. */
  readonly angle: number
}

/** The point of a cap that is nearest to a vector. */
export function projectOnCap({ centre, angle }: SphericalCap, vector: Float64Array): Float64Array {
  const unit = unitOf(vector) ?? centre
  const cosine = innerProduct(unit, centre)
  if (angle >= Math.PI || cosine >= Math.cos(angle)) return unit
  const across = Float64Array.from(unit)
  addScaled(across, -cosine, centre)
  const direction = unitOf(across)
  if (direction === null) return centre
  const onRim = centre.map((value) => Math.cos(angle) * value)
  addScaled(onRim, Math.sin(angle), direction)
  return onRim
}

/** Angle between two unit vectors in radians, exact for small ones too. */
export function angleBetween(one: Float64Array, other: Float64Array): number {
  const apart = Math.sqrt(one.reduce((sum, value, at) => sum + (value - other[at]!) ** 2, 0))
  const together = Math.sqrt(one.reduce((sum, value, at) => sum + (value + other[at]!) ** 2, 0))
  return 2 * Math.atan2(apart, together)
}

function unitOf(vector: Float64Array): Float64Array | null {
  const length = Math.sqrt(innerProduct(vector, vector))
  return length > 0 ? vector.map((value) => value / length) : null
}
