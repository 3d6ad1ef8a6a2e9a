import { AssayError } from '../../errors/assay-error.js'

/** The smallest and the largest value that a measure can take; infinities where it has no bound. */
export type ValueRange = readonly [minimum: number, maximum: number]

export const anyValue: ValueRange = [-Infinity, Infinity]

/** The bounds `estimate ± margin`, cut to the range, which must hold the estimate. */
export function cutToRange(
  estimate: number,
  margin: number,
  [minimum, maximum]: ValueRange,
): { low: number; high: number } {
  if (!(estimate >= minimum && estimate <= maximum)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The estimate ${estimate} is outside its range from ${minimum} to ${maximum}.`,
      value: [minimum, maximum],
      remedy: 'Pass the range that the measure can take, the smaller bound first.',
    })
  }
  return { low: Math.max(minimum, estimate - margin), high: Math.min(maximum, estimate + margin) }
}
