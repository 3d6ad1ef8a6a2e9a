import { AssayError } from '@assay/core'
import { distanceBelow } from '../references/references-in-memory.js'
import type { NearReference, ShieldReferences } from '../references/shield-references.js'
import { leaveAlongRay } from './leave-along-ray.js'
import { projectOnHalfSpaces } from './project-on-half-spaces.js'
import { repelOnce } from './repel-once.js'

/** How a point is brought out of every shield. */
export interface RepelStrictlyOptions {
  readonly references: ShieldReferences
  /** Radius of every shield, above 0. */
  readonly radius: number
  readonly seed: number
  /** Smallest and largest value of a coordinate, for pictures; null for latents. */
  readonly box: readonly [number, number] | null
  /** Rounds of pushing before other means are tried. */
  readonly rounds: number
  readonly signal?: AbortSignal | undefined
}

/** Pushes aim this share of the radius beyond the sphere, so that rounding does not end inside it. */
const BEYOND = 1e-6

/**
 * The point, moved until it is in no shield and within the box, its coordinates being float32 values: by
 * pushing again and again; where pushes cancel, by the projection on the half-spaces that lie outside of
 * each near shield; and last along rays in seeded directions, which leave any finite number of balls.
 *
 * @returns the point and how many pushes it took
 * @throws AssayError `INVALID_ARGUMENT` where shields leave no place in the box
 *
 * Source: own; the paper leaves overlapping shields to a quadratic program.
 */
export async function repelStrictly(
  start: Float64Array,
  options: RepelStrictlyOptions,
): Promise<{ readonly point: Float64Array; readonly pushes: number }> {
  const { references, radius, seed, rounds, signal } = options
  const near = async (point: Float64Array, within: number) =>
    (await references.within([point], { radius: within, signal }))[0] ?? []
  let point = settle(start, options)
  for (let pushes = 0; pushes <= rounds; pushes += 1) {
    const inside = await near(point, radius)
    if (inside.length === 0) return { point, pushes }
    const move = repelOnce(point, inside, { radius: radius * (1 + BEYOND), seed })
    point = settle(sum(point, move), options)
  }
  const around = await near(point, 2 * radius)
  const projected = settle(projectOnHalfSpaces(point, around, radius * (1 + BEYOND)), options)
  if ((await near(projected, radius)).length === 0) return { point: projected, pushes: rounds + 1 }
  return { point: await leaveBySeededRay(point, options), pushes: rounds + 2 }
}

const RAYS = 64

async function leaveBySeededRay(
  point: Float64Array,
  options: RepelStrictlyOptions,
): Promise<Float64Array> {
  const { references, radius, seed, signal } = options
  // A ray of this length leaves every ball that the point could be in the middle of.
  const [all = []] = await references.within([point], { radius: Number.POSITIVE_INFINITY, signal })
  let best: Float64Array | null = null
  for (let ray = 0; ray < RAYS; ray += 1) {
    const outside = settle(
      leaveAlongRay(point, all, { radius: radius * (1 + BEYOND), seed: seed + ray }),
      options,
    )
    if (isInside(outside, all, radius)) continue
    if (best === null || lengthOf(point, outside) < lengthOf(point, best)) best = outside
  }
  if (best !== null) return best
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'The shields leave no place for a picture.',
    value: radius,
    remedy: 'Choose a smaller radius; `calibrateRadius` proposes one.',
  })
}

const isInside = (point: Float64Array, near: readonly NearReference[], radius: number) =>
  near.some(({ vector }) => distanceBelow(point, vector, radius) !== null)

const lengthOf = (one: Float64Array, other: Float64Array) =>
  Math.hypot(...one.map((value, at) => value - (other[at] ?? 0)))

const sum = (point: Float64Array, move: Float64Array) =>
  point.map((value, at) => value + (move[at] ?? 0))

/** What will be kept of a point: float32 values within the box. */
const settle = (point: Float64Array, { box }: Pick<RepelStrictlyOptions, 'box'>): Float64Array =>
  point.map((value) =>
    Math.fround(box === null ? value : Math.min(box[1], Math.max(box[0], value))),
  )
