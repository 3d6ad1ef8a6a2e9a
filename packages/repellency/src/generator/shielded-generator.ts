import type { ImageGenerator } from '@assay/core'
import type { ReferenceBank } from '../references/reference-bank.js'
import type { Diversification } from '../shield/diversify.js'
import type { Protection } from '../shield/protect.js'
import type { ShieldCall, ShieldedPicture } from '../shield/shield.js'
import type { ShieldSpace } from './shield-space.js'

/** A generator, and the shield that it is to draw with: spread `protect(…)` or `diversify(…)` into it. */
export type ShieldGeneratorOptions = (Protection | Diversification) & {
  readonly generator: ImageGenerator
  /**
   * The space of the references, in which finished pictures are checked, and whose box and margin the shield
   * has unless it has its own; `pixelSpace` for generators that draw pixels. References and banks must have
   * its name for their fingerprint. Default: none, then what is promised ends at the last prediction, and
   * evidence says `latent`.
   */
  readonly space?: ShieldSpace
  /**
   * The bank of a prompt's earlier pictures, for `diversify`, where they are of earlier requests as well.
   * Default: a new one for each request.
   */
  readonly bankOf?: (prompt: string) => ReferenceBank
  /**
   * Hash over the protected pictures, to make the fingerprint from. Default: null; then a generator with
   * references has no fingerprint.
   */
  readonly referencesHash?: string | null
}

/** What became of one picture. */
export interface FinishedPicture extends ShieldedPicture {
  /** `image` for one that was given out. */
  readonly outcome: 'image' | 'rejected'
  /**
   * Distance of the finished picture to the nearest reference whose shield it is in; null where it is in
   * none, and where there is no space to look in.
   */
  readonly finishedDistance: number | null
}

/** What a shield did in one request. */
export interface RequestEvidence {
  readonly prompt: string
  readonly preset: 'protect' | 'diversify'
  /** Space that finished pictures were checked in, or `latent`: then only predictions were shielded. */
  readonly space: string
  readonly radius: number
  readonly margin: number
  readonly overcompensation: number
  readonly strict: boolean
  /** Protected pictures; pictures of the bank and of the batch have the rows after them. */
  readonly references: number
  readonly calls: readonly ShieldCall[]
  /** Pictures that were given out or rejected so far, in that order. */
  readonly pictures: readonly FinishedPicture[]
}

/** A generator that draws with a shield. Each picture's metadata holds its {@link FinishedPicture} as `shield`. */
export interface ShieldedGenerator extends ImageGenerator {
  /** One entry a request, in the order in which they were begun. */
  readonly evidence: readonly RequestEvidence[]
}
