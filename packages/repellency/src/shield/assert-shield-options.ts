import { AssayError } from '@assay/core'
import { assertRadius } from '../kernel/assert-radius.js'
import type { ShieldOptions } from './shield.js'

/** @throws AssayError `INVALID_ARGUMENT` for options that no shield can have */
export function assertShieldOptions(options: ShieldOptions): void {
  const { radius, overcompensation = 1.6, margin = 0, strict = false, box, window } = options
  assertRadius(radius)
  assertOption(
    overcompensation >= 1 && Number.isFinite(overcompensation),
    'overcompensation',
    overcompensation,
    'Give a number from 1: less would leave predictions inside.',
  )
  assertOption(
    margin >= 0 && Number.isFinite(margin) && (strict || margin === 0),
    'margin',
    margin,
    'Give a number from 0, and above 0 in strict form only: plain form promises nothing to round.',
  )
  assertRadius(radius, margin)
  assertOption(
    box === undefined || (box[0] < box[1] && box.every(Number.isFinite)),
    'box',
    box,
    'Give the smallest and the largest value of a coordinate, for instance [-1, 1].',
  )
  assertOption(
    window === undefined || (window[0] >= 0 && window[0] <= window[1] && window[1] <= 1),
    'window',
    window,
    'Give the first and the last share of the model calls, within [0, 1].',
  )
}

/**
 * Refuses a setting of a shield by its name.
 *
 * @throws AssayError `INVALID_ARGUMENT` where it is not valid
 */
export function assertOption(
  isValid: boolean,
  name: string,
  value: unknown,
  remedy: string,
): asserts isValid {
  if (isValid) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${name} of a shield cannot be ${String(value)}.`,
    value,
    remedy,
  })
}
