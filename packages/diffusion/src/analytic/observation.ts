import { AssayError } from '@assay/core'
import type { DenoiserCall } from '../sampling/denoiser.js'

/** Half the range of a pixel's levels: the level u stands for u / 127.5 - 1. */
export const halfRange = 127.5

/** A noisy picture, told in the bank's own levels. */
export interface Observation {
  /** What the levels would be without noise: ((x / a) + 1) 127.5. */
  readonly levels: Float64Array
  /** The log likelihood of a picture u is -precision |levels - u|^2; 0 where nothing is seen (a = 0). */
  readonly precision: number
}

/**
 * |x - a y|^2 / (2 s^2) for y = u / 127.5 - 1, as a distance of levels, which keeps bytes bytes.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a noise coefficient that is not above 0
 */
export function observe(call: DenoiserCall, row: number): Observation {
  const { signalCoefficient, noiseCoefficient, state, rows } = call
  if (!(noiseCoefficient > 0)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `A posterior needs noise, but the noise coefficient is ${noiseCoefficient}.`,
      value: noiseCoefficient,
      remedy: 'End the schedule at a noise level above 0.',
    })
  }
  const length = state.length / rows
  const levels = new Float64Array(length)
  if (signalCoefficient === 0) return { levels, precision: 0 }
  const factor = halfRange / signalCoefficient
  for (let at = 0; at < length; at++) levels[at] = factor * state[row * length + at]! + halfRange
  return { levels, precision: 1 / (2 * (factor * noiseCoefficient) ** 2) }
}
