import type { NearReference } from '../references/shield-references.js'
import type { RepelStrictlyOptions, SeededPoint } from './repel-strictly.js'
import { seededDirection } from './seeded-direction.js'
import { aimedRadius, type Box, settle } from './settle.js'

const RAYS = 32

/** A bound for sets in which every step leaves one ball for the next. */
const MOST_STEPS = 10_000

/** A way out that is being tried. */
interface Ray {
  readonly direction: Float64Array
  /** Where the ray leaves the box; infinite without one. */
  readonly length: number
  readonly travelled: number
}

/**
 * The nearest point outside of all shields along rays in seeded directions. On each, one goes to the
 * farthest exit of the balls that hold the point, asks again, and so on until none holds it: the first gap
 * in the union of balls, without knowing those far away. In a box the rays go to its corners, so that what
 * is on them is within it. Null where no ray leads out of the shields within the box.
 */
export async function leaveAlongRays(
  { point, seed }: SeededPoint,
  { references, radius, box, signal }: RepelStrictlyOptions,
): Promise<Float64Array | null> {
  const origin = settle(point, box)
  const reach = aimedRadius(origin, radius)
  let rays = Array.from({ length: RAYS }, (_, at) => rayFrom(origin, { seed, at, box }))
    // From a corner to itself there is no direction.
    .filter(({ length }) => length > 0)
  let best: { readonly travelled: number; readonly end: Float64Array } | null = null
  for (let step = 0; step < MOST_STEPS && rays.length > 0; step += 1) {
    const points = rays.map((ray) => settle(pointOn(ray, origin), box))
    const found = await references.within(points, { radius, signal })
    const marching: Ray[] = []
    for (const [at, ray] of rays.entries()) {
      const near = found[at]!
      if (near.length > 0)
        marching.push({ ...ray, travelled: exitOf(ray, near, { origin, reach }) })
      else if (best === null || ray.travelled < best.travelled) {
        best = { travelled: ray.travelled, end: points[at]! }
      }
    }
    const farthest = best?.travelled ?? Number.POSITIVE_INFINITY
    rays = marching.filter(({ travelled, length }) => travelled < Math.min(farthest, length))
  }
  return best?.end ?? null
}

function rayFrom(
  origin: Float64Array,
  { seed, at, box }: { readonly seed: number; readonly at: number; readonly box: Box },
): Ray {
  const random = seededDirection(origin.length, { seed, row: -1 - at })
  if (box === null) return { direction: random, length: Number.POSITIVE_INFINITY, travelled: 0 }
  const [least, most] = box
  const middle = (least + most) / 2
  // The last ray goes to the corner that is farthest away.
  const isUp = (index: number) => (at === RAYS - 1 ? origin[index]! < middle : random[index]! > 0)
  const towards = origin.map((value, index) => (isUp(index) ? most : least) - value)
  const length = Math.sqrt(towards.reduce((sum, value) => sum + value * value, 0))
  return { direction: towards.map((value) => value / length), length, travelled: 0 }
}

const pointOn = ({ direction, travelled }: Ray, origin: Float64Array): Float64Array =>
  origin.map((value, at) => value + travelled * direction[at]!)

/** How far along the ray the last of the balls that hold its point is left. */
function exitOf(
  { direction, travelled }: Ray,
  near: readonly NearReference[],
  { origin, reach }: { readonly origin: Float64Array; readonly reach: number },
): number {
  // Rounding may keep a point inside at its exit: then a little farther.
  let exit = travelled + 1e-6 * reach
  for (const { vector } of near) {
    let along = 0
    let squares = 0
    for (let at = 0; at < origin.length; at += 1) {
      const difference = vector[at]! - origin[at]!
      along += direction[at]! * difference
      squares += difference * difference
    }
    const half = reach * reach - squares + along * along
    if (half > 0) exit = Math.max(exit, along + Math.sqrt(half))
  }
  return exit
}
