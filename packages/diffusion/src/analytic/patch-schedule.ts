import { AssayError } from '@assay/core'

/** The patch size from one noise level on. */
export interface PatchStep {
  /** Relative noise level s / (a + s), in [0, 1), above which this side is used. */
  readonly above: number
  /** Side of the square patch in pixels, odd. */
  readonly side: number
}

/** Patch sizes from the highest noise level to the lowest; the last must begin at 0. */
export type PatchSchedule = readonly PatchStep[]

const schedule = (...sides: readonly number[]): PatchSchedule =>
  [0.9, 0.75, 0.6, 0.4, 0.2, 0].map((above, at) => ({ above, side: sides[at]! }))

/**
 * How original the composer is: it copies what lies within a patch and is free between patches.
 * `copying` gives near-copies of one picture or two, `default` new pictures of several, `original`
 * pictures of more, whose shapes begin to fall apart.
 */
export const patchSchedules = {
  copying: schedule(33, 33, 21, 21, 13, 7),
  default: schedule(33, 21, 13, 9, 5, 3),
  original: schedule(13, 13, 9, 7, 5, 3),
} as const satisfies Record<string, PatchSchedule>

/** A schedule of {@link patchSchedules} by name. */
export type PatchScheduleName = keyof typeof patchSchedules

/**
 * The schedule, checked.
 *
 * @throws AssayError `INVALID_ARGUMENT` for sides that are not odd, or levels that do not fall to 0
 */
export function patchScheduleOf(patches: PatchSchedule | PatchScheduleName): PatchSchedule {
  const steps: PatchSchedule = typeof patches === 'string' ? patchSchedules[patches] : patches
  const valid = steps?.every(
    ({ above, side }, at) =>
      side % 2 === 1 && side > 0 && above < (at === 0 ? 1 : steps[at - 1]!.above),
  )
  if (valid && steps.at(-1)?.above === 0) return steps
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The patch schedule ${JSON.stringify(patches)} cannot be used.`,
    value: patches,
    remedy: `Name one of ${Object.keys(patchSchedules).join(', ')}, or give odd sides with levels that fall from below 1 to 0.`,
  })
}

/** The side of the patches at a relative noise level in [0, 1]. */
export const patchSide = (steps: PatchSchedule, level: number): number =>
  (steps.find(({ above }) => level > above) ?? steps.at(-1)!).side
