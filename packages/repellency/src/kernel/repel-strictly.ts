import { AssayError } from '@assay/core'
import type { ShieldReferences } from '../references/shield-references.js'
import { leaveAlongRays } from './leave-along-rays.js'
import { projectOutside } from './project-outside.js'
import { pushOut } from './push-out.js'
import { aimedRadius, type Box, settle } from './settle.js'

/** How points are brought out of every shield. */
export interface RepelStrictlyOptions {
  readonly references: ShieldReferences
  /** Radius of every shield, above 0. */
  readonly radius: number
  readonly box: Box
  /** Rounds of pushing before other means are tried. */
  readonly rounds: number
  /** Told of points for which no place is found, which stay inside. Default: the first one is an error. */
  readonly onNoPlace?: ((seed: number, reason: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A point to be brought out, and its picture's seed. */
export interface SeededPoint {
  readonly point: Float64Array
  readonly seed: number
}

/**
 * Each point, moved until it is in no shield and within the box, its coordinates being float32 values: by
 * pushing again and again, all that are still inside asking together; where pushes cancel, by the
 * projection on half-spaces that lie outside of the shields; and last along rays in seeded directions, which
 * leave any finite number of balls. Only balls of the radius are ever asked for, so that the references may
 * be a million on disk.
 *
 * @throws AssayError `INVALID_ARGUMENT` where no place outside of the shields is found in the box and nobody
 *   is told
 *
 * Source: own; the paper leaves overlapping shields to a quadratic program.
 */
export async function repelStrictly(
  starts: readonly SeededPoint[],
  options: RepelStrictlyOptions,
): Promise<readonly Float64Array[]> {
  const { references, radius, box, rounds, signal } = options
  const ends = starts.map(({ point }) => settle(point, box))
  let inside = [...starts.keys()]
  for (let round = 0; round <= rounds && inside.length > 0; round += 1) {
    const points = inside.map((row) => ends[row]!)
    const found = await references.within(points, { radius, signal })
    inside = inside.filter((row, at) => {
      const near = found[at]!
      if (near.length === 0) return false
      const point = ends[row]!
      const { seed } = starts[row]!
      const move = pushOut(point, near, { radius: aimedRadius(point, radius), seed })
      ends[row] = settle(
        point.map((value, index) => value + move[index]!),
        box,
      )
      return true
    })
  }
  for (const row of inside) {
    const start = starts[row]!
    const place = (await projectOutside(start, options)) ?? (await leaveAlongRays(start, options))
    if (place) ends[row] = place
    else tellNoPlace(start, options)
  }
  return ends
}

function tellNoPlace({ seed }: SeededPoint, { radius, onNoPlace }: RepelStrictlyOptions): void {
  const reason = `The shields of radius ${radius} leave the picture of seed ${seed} no place that could be found.`
  if (onNoPlace) {
    onNoPlace(seed, reason)
    return
  }
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: reason,
    value: radius,
    remedy: 'Choose a smaller radius; `calibrateRadius` proposes one.',
  })
}
