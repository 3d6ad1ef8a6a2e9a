import { AssayError } from '@assay/core'

/** The largest float32: beyond it every reference is near, and no place outside can be told. */
const mostRadius = (2 - 2 ** -23) * 2 ** 127

/**
 * Refuses a radius that is not above 0 or beyond float32, in which predictions and references are kept.
 *
 * @param margin what is added to it
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function assertRadius(radius: number, margin = 0): void {
  if (radius > 0 && radius + margin <= mostRadius) return
  const added = margin === 0 ? '' : ` with a margin of ${margin}`
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The radius of a shield cannot be ${radius}${added}.`,
    value: radius,
    remedy: 'Give a number above 0 that float32 can hold; `calibrateRadius` proposes one.',
  })
}
