import type { DenoisingHook } from '@assay/core'
import type { ShieldReferences } from '../references/shield-references.js'

/** What a shield keeps pictures away from, and how. */
export interface ShieldOptions {
  /**
   * Pictures to keep away from, in the space that the sampler works in, with its scale and shift: protected
   * pictures, finished pictures of earlier batches, or both, by `joinReferences`. Default: none.
   */
  readonly references?: ShieldReferences
  /** Whether the pictures of a batch also keep away from each other. Default: no. */
  readonly apart?: boolean
  /** Radius of every shield, above 0; `calibrateRadius` proposes one. */
  readonly radius: number
  /** λ: how much of a push is applied, from 1. Default: 1.6, as the paper recommends. */
  readonly overcompensation?: number
  /**
   * Whether every prediction is brought out of all shields, however they overlap. Default: no, the sum of
   * pushes is applied once, as in the paper.
   */
  readonly strict?: boolean
  /** Bounds of each coordinate that strict results stay in: [-1, 1] for pixels. Default: none. */
  readonly box?: readonly [number, number]
  /**
   * Share of the model calls at which the shield acts, from 0 to 1. Default: all of them, as in the paper.
   * Where it ends early, pictures may drift back into a shield.
   */
  readonly window?: readonly [number, number]
}

/** What happened at one model call. */
export interface ShieldCall {
  readonly index: number
  readonly timestep: number
  /** Pictures of the batch, and those that were in a shield. */
  readonly pictures: number
  readonly active: number
  /** Shields that active pictures were in, in all. */
  readonly shields: number
  /** Mean length of the corrections of active pictures, 0 without any. */
  readonly correction: number
  /** The same as a share of the distance between state and prediction. */
  readonly relativeCorrection: number
}

/** A hook for samplers, and what it did. */
export interface Shield {
  readonly hook: DenoisingHook
  /** One entry a model call so far, in order. */
  readonly calls: readonly ShieldCall[]
}
