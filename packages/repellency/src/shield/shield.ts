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
  /**
   * Added to the radius in strict form, at least 0, so that what happens to a picture after its last
   * prediction does not bring it back inside: `eightBitMargin` for the rounding to 8 bits. Default: 0.
   */
  readonly margin?: number
  /** Bounds of each coordinate that strict results stay in: [-1, 1] for pixels. Default: none. */
  readonly box?: readonly [number, number]
  /**
   * Share of the model calls at which the shield acts, from 0 to 1. Default: all of them, as in the paper.
   * Where it ends early, pictures may drift back into a shield.
   */
  readonly window?: readonly [number, number]
  /**
   * Told of each picture for which strict form finds no place at a model call: its prediction stays inside, the
   * others are drawn on, and who is told must hold the picture back. Default: nobody is, and it is an error
   * that ends the batch.
   */
  readonly onNoPlace?: (seed: number, reason: string) => void
  /** Ends a search for references that is under way, and refuses further ones. */
  readonly signal?: AbortSignal
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
  /** Predictions that were a reference, to rounding, and were pushed in a seeded direction. */
  readonly copies: number
  /** Mean length of the corrections of active pictures, 0 without any. */
  readonly correction: number
  /** The same as a share of the distance between state and prediction. */
  readonly relativeCorrection: number
  /** Smallest distance of a prediction to a reference whose shield it was in; null without any. */
  readonly nearest: number | null
  /**
   * The smallest distance to one of these references after the correction. It does not tell of others: a push
   * in plain form may end in a shield that the prediction was not in.
   */
  readonly nearestAfter: number | null
}

/** What happened to one picture over all model calls so far. */
export interface ShieldedPicture {
  readonly seed: number
  /** Model calls that the shield looked at, and those at which the picture was in a shield. */
  readonly calls: number
  readonly activeCalls: number
  /** Index of the first and of the last of these; null where it never was. */
  readonly firstActive: number | null
  readonly lastActive: number | null
  /** Shields that it was in, summed over its active calls. */
  readonly shields: number
  /** Smallest distance to a reference whose shield it was in, before a correction and, to these, after it. */
  readonly nearest: number | null
  readonly nearestAfter: number | null
  /**
   * The references that its predictions came nearest to, at most five, the nearest first. Rows of pictures
   * of the same batch follow those of the references.
   */
  readonly met: readonly { readonly row: number; readonly distance: number }[]
}

/** A hook for samplers, and what it did. */
export interface Shield {
  readonly hook: DenoisingHook
  /** One entry a model call so far, in order. */
  readonly calls: readonly ShieldCall[]
  /** One entry a picture so far, in the order of their first model calls. */
  readonly pictures: readonly ShieldedPicture[]
}
