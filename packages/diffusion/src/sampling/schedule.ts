import type { NoiseLevel } from './noise-level.js'
import type { Parametrization } from './parametrization.js'

/**
 * How a sampler moves on after a model call: the next state is the sum of these arrays, each times
 * its factor.
 */
export interface StateUpdate {
  /** Of the state that the model saw. */
  readonly state: number
  /** Of its predicted clean picture, as the hook left it. */
  readonly clean: number
  /** Of both at the calls before, the last one first, as far back as this update looks. */
  readonly earlier: readonly Pick<StateUpdate, 'state' | 'clean'>[]
  /** Of fresh standard normal noise, which is drawn only where this is not 0. */
  readonly noise: number
}

/** One model call and what follows from it. */
export interface ModelCall extends NoiseLevel {
  readonly update: StateUpdate
}

/** What is done to a predicted clean picture before the hook sees it. */
export type Clipping =
  | {
      readonly type: 'range'
      /** Values are held to [-limit, limit]. */
      readonly limit: number
    }
  | {
      /** Dynamic thresholding of Imagen, a picture at a time. */
      readonly type: 'dynamic'
      /** Quantile of the absolute values that becomes 1, in [0, 1]. */
      readonly quantile: number
      /** The threshold is held to [1, maximum]. */
      readonly maximum: number
    }

/**
 * A sampler with all its numbers worked out: plain data. Every sampler here is affine in what it has
 * seen, so that a list of factors says all about it.
 */
export interface Schedule {
  /** What the output of the model means that these numbers were made for. */
  readonly parametrization: Parametrization
  /** The first state is standard normal noise times this. */
  readonly initialScale: number
  readonly clipping: Clipping | null
  /** Model calls in order, corrector calls included. */
  readonly calls: readonly ModelCall[]
}
