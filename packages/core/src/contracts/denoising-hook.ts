import type { Tensor } from './engine.js'

/** What a hook sees at one model call of a sampler. */
export interface DenoisingStep {
  /** Model calls so far, from 0. */
  readonly index: number
  /** Model calls in all. */
  readonly count: number
  /** Noise level in the sampler's own scale, and signal and noise coefficients: x = a x0 + s e. */
  readonly timestep: number
  readonly signalCoefficient: number
  readonly noiseCoefficient: number
  /**
   * Noise level of the next model call, which a changed condition or guidance scale is for; null at the
   * last call. Absent where the sampler does not tell.
   */
  readonly next?: Pick<DenoisingStep, 'timestep' | 'signalCoefficient' | 'noiseCoefficient'> | null
  /** Seed of each picture: what a hook draws at random should depend on it, never on the batch. */
  readonly seeds: readonly number[]
  /** Noisy state, one row a picture. */
  readonly state: Tensor
  /** Predicted clean picture after guidance, same shape. */
  readonly prediction: Tensor
  readonly condition: Tensor | null
  readonly guidanceScale: number
}

/** What a hook changes; what is absent stays. */
export interface DenoisingAdjustment {
  /** Replaces the predicted clean picture of this call. */
  readonly prediction?: Tensor
  /** Used from the next model call on. */
  readonly condition?: Tensor
  readonly guidanceScale?: number
}

/**
 * Called at every model call, corrector calls included. Returning nothing leaves the run unchanged
 * bit for bit.
 */
export type DenoisingHook = (
  step: DenoisingStep,
) => DenoisingAdjustment | undefined | Promise<DenoisingAdjustment | undefined>
