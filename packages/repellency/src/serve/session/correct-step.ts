import { AssayError } from '@assay/core'
import type { Parametrisation } from './session-form.js'

/** Noise levels of a step: what the state before and after it has. */
export interface NoiseLevels {
  /** σ of the state before the step, above `next`. */
  readonly sigma: number
  /** σ of the state after it, from 0. */
  readonly next: number
}

/** What a first-order deterministic step does: after = kept · before + taken · prediction. */
export interface StepCoefficients {
  readonly kept: number
  readonly taken: number
}

/** Below this share of a prediction in a step, rounding of the states drowns it. */
const LEAST_TAKEN = 1e-6

/**
 * q = σ'/σ and c = a' - q a: x' = q x + c x0 for Euler, DDIM with η = 0 and the Euler step of flows, so
 * that x0 = (x' - q x) / c, and a move of x0 by Δ moves x' by c Δ.
 *
 * @throws AssayError `INVALID_ARGUMENT` where the levels do not fall or lie outside of the parametrisation
 */
export function stepCoefficients(
  { sigma, next }: NoiseLevels,
  parametrisation: Parametrisation,
): StepCoefficients {
  const highest = parametrisation === 'variance-exploding' ? Number.POSITIVE_INFINITY : 1
  if (!(next >= 0 && next < sigma && sigma <= highest && Number.isFinite(sigma))) {
    throw levelsRefused(`go from ${sigma} to ${next}`, { sigma, next })
  }
  const kept = next / sigma
  const taken = signalAt(next, parametrisation) - kept * signalAt(sigma, parametrisation)
  if (taken < LEAST_TAKEN)
    throw levelsRefused(`hardly differ, ${sigma} and ${next}`, { sigma, next })
  return { kept, taken }
}

const signalAt = (sigma: number, parametrisation: Parametrisation): number => {
  if (parametrisation === 'variance-exploding') return 1
  return parametrisation === 'rectified-flow' ? 1 - sigma : Math.sqrt(1 - sigma * sigma)
}

/** The clean picture that a first-order deterministic step went by. */
export const predictionOfStep = (
  before: Float64Array,
  after: Float64Array,
  { kept, taken }: StepCoefficients,
): Float64Array => after.map((value, at) => (value - kept * before[at]!) / taken)

const levelsRefused = (how: string, value: NoiseLevels) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The noise levels of a step cannot ${how}.`,
    value,
    remedy: 'Send sigma and next of this step, falling, in the scale of the parametrisation.',
  })
