import type { FinishedPicture, RequestEvidence } from '../generator/shielded-generator.js'
import type { ShieldCall } from '../shield/shield.js'

/** A protected picture, with how near it is. */
export interface NearestReference {
  /** Its name; null for one that has none. */
  readonly reference: string | null
  readonly distance: number
}

/** What a shield did to one picture, and the file that the picture became. */
export interface EvidencedPicture extends Omit<FinishedPicture, 'met'> {
  /** File in the folder of outputs; null for a picture that was not given out. */
  readonly file: string | null
  /** The references that its predictions came nearest to; names are null for those that have none. */
  readonly met: readonly NearestReference[]
  /** The one of all protected pictures that is nearest to the finished one, where somebody looked for it. */
  readonly finishedNearest?: NearestReference
}

/** What a shield did at one model call. */
export interface EvidencedCall extends Omit<ShieldCall, 'relativeCorrection'> {
  /** Null where nothing was left to denoise. */
  readonly relativeCorrection: number | null
}

/** What a shield did in one request. */
export interface EvidencedRequest extends Omit<RequestEvidence, 'calls' | 'pictures'> {
  readonly calls: readonly EvidencedCall[]
  readonly pictures: readonly EvidencedPicture[]
}

/** A picture that was drawn without the shield. */
export interface BasePicture {
  readonly prompt: string
  readonly seed: number
  /** Distance to the nearest reference within whose radius it is, as saved; null where it is in none. */
  readonly finishedDistance: number | null
  /** As of {@link EvidencedPicture}. */
  readonly finishedNearest?: NearestReference
  /** SHA-256 of its file, 64 hex digits, by which it is known again. */
  readonly sha256?: string
}

/** What a shielded run leaves beside its pictures, so that others can see whether the shield held. */
export interface ShieldEvidence {
  readonly format: 'assay.repellency.evidence'
  readonly specificationVersion: 1
  readonly generator: { readonly id: string; readonly fingerprint: string | null }
  readonly requests: readonly EvidencedRequest[]
  /** Pictures of the generator without the shield, to compare with; null where none were drawn. */
  readonly base: readonly BasePicture[] | null
}
