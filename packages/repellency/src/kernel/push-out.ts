import type { NearReference } from '../references/shield-references.js'
import { type RepelOptions, repelOnce } from './repel-once.js'

/** The longest push of overlapping shields, in pushes that would leave the deepest one alone. */
const LONGEST = 2

/**
 * The push of strict form: that of {@link repelOnce}, where a reference that is given twice counts once, and
 * hundreds of shields that overlap do not throw a point farther than it must go to leave them.
 */
export function pushOut(
  point: Float64Array,
  near: readonly NearReference[],
  options: RepelOptions,
): Float64Array {
  const move = repelOnce(point, distinct(near), options)
  const deepest = near.reduce((least, { distance }) => Math.min(least, distance), options.radius)
  const most = LONGEST * (options.radius - deepest)
  const length = Math.sqrt(move.reduce((sum, value) => sum + value * value, 0))
  return length <= most ? move : move.map((value) => value * (most / length))
}

/** References without repetitions; equal ones are at equal distances. */
function distinct(near: readonly NearReference[]): readonly NearReference[] {
  const byDistance = new Map<number, NearReference[]>()
  return near.filter((each) => {
    const alike = byDistance.get(each.distance) ?? []
    if (alike.some(({ vector }) => isEqual(vector, each.vector))) return false
    byDistance.set(each.distance, [...alike, each])
    return true
  })
}

function isEqual(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false
  return true
}
