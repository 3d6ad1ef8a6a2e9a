import type { ConceptPair } from '../pairs/concept-pair.js'
import { conceptDirection } from '../score/concept-direction.js'
import { boundaryAngle, conceptAngle } from './boundary-angle.js'

/** How far beyond the boundary noise reaches. */
export interface ShortestNoiseOptions {
  /** Length as a multiple of the exact radius, above 1 to cross the boundary. Default: 1.000001 */
  readonly stretch?: number
}

/**
 * The worst noise for a decision of one pair: straight at the boundary, in the plane of the embedding and
 * w. Added to the embedding it changes what the pair says; shorter noise never does. Null where none does.
 *
 * @param embedding of the pair's length, not all zeros
 *
 * Source: geometry; it shows that {@link exactRadius} is no larger than it must be.
 */
export function shortestNoise(
  embedding: ArrayLike<number>,
  pair: ConceptPair,
  { stretch = 1.000001 }: ShortestNoiseOptions = {},
): Float64Array | null {
  const { vector, length } = conceptDirection(pair)
  const boundary = boundaryAngle(pair.threshold, length)
  if (boundary === null) return null
  const picture = Float64Array.from(embedding)
  const norm = lengthOf(picture)
  const axis = vector.map((value) => value / length)
  const along = inner(picture, axis) / norm
  const angle = conceptAngle(along, 1)
  const across = unitAcross(picture, axis, along * norm)
  const towards = angle < boundary ? 1 : -1
  if (Math.abs(boundary - angle) >= Math.PI / 2) {
    // The nearest boundary point is the origin; beyond it, a little way down the axis of the other side.
    const beyond = (stretch - 1) * norm
    return picture.map((value, at) => -value - towards * beyond * axis[at]!)
  }
  const reach = towards * stretch * norm * Math.sin(Math.abs(boundary - angle))
  const [sine, cosine] = [Math.sin(boundary), Math.cos(boundary)]
  return axis.map((value, at) => reach * (cosine * across[at]! - sine * value))
}

const inner = (one: Float64Array, other: Float64Array) =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0)

const lengthOf = (vector: Float64Array) => Math.sqrt(inner(vector, vector))

/** The unit vector across the axis, on the embedding's side; any one where the embedding lies on the axis. */
function unitAcross(picture: Float64Array, axis: Float64Array, along: number): Float64Array {
  const across = picture.map((value, at) => value - along * axis[at]!)
  const length = lengthOf(across)
  if (length > 1e-12 * lengthOf(picture)) return across.map((value) => value / length)
  const smallest = axis.reduce(
    (best, value, at) => (Math.abs(value) < Math.abs(axis[best]!) ? at : best),
    0,
  )
  const other = axis.map((value, at) => (at === smallest ? 1 : 0) - axis[smallest]! * value)
  const otherLength = lengthOf(other)
  return other.map((value) => value / otherLength)
}
