import type { CertifiedCondition } from './certified-condition.js'

/** How the radius of a pair is worked out; see {@link paperRadius}, {@link lipschitzRadius}, {@link exactRadius}. */
export type CertificateMethod = 'exact' | 'lipschitz' | 'paper'

/** Why a certificate says less, or more, than a radius. */
export type CertificateReason =
  /** No noise on the embedding changes the decision: `radius` is null. */
  | 'CONSTANT_DECISION'
  /** Another build of the encoder may decide otherwise: `radius` is 0, and nothing is certified. */
  | 'DRIFT_REACHES_RADIUS'

/**
 * How much noise a decision withstands when it is added to the image embedding, in L2. It says nothing of
 * changes to pixels or prompts, which may move the embedding by far more.
 */
export interface EmbeddingCertificate {
  readonly id: string
  /** The space that the noise lives in. */
  readonly space: 'image embedding'
  readonly method: CertificateMethod
  /** The decision, of all pairs together. */
  readonly flagged: boolean
  /**
   * Shorter noise does not change `flagged`. In the unit of the embedding, with `drift` taken off. Null
   * where no noise changes it.
   */
  readonly radius: number | null
  /** The radius as a share of the embedding's length; null as `radius` is. */
  readonly relativeRadius: number | null
  /** `exact`: longer noise, in the right direction, does change it. `lower bound`: it may not. */
  readonly tightness: 'exact' | 'lower bound'
  /** The pair, or rule, that the radius comes from. */
  readonly decidedBy: string
  /** Length of the embedding. */
  readonly norm: number
  /** Drift of the encoder build that was taken off, in the unit of the embedding. */
  readonly drift: number
  readonly reasons: readonly CertificateReason[]
}

/** What is known of the picture besides its decision. */
interface CertifiedPicture {
  readonly id: string
  readonly method: CertificateMethod
  readonly norm: number
  readonly drift: number
}

/** The certificate of a picture, from a condition whose radii are less the drift. */
export function embeddingCertificate(
  { holds, radius, exact, by }: CertifiedCondition,
  picture: CertifiedPicture,
): EmbeddingCertificate {
  const constant = radius === Number.POSITIVE_INFINITY
  return {
    id: picture.id,
    space: 'image embedding',
    method: picture.method,
    flagged: holds,
    radius: constant ? null : radius,
    relativeRadius: constant ? null : radius / picture.norm,
    tightness: exact && picture.drift === 0 ? 'exact' : 'lower bound',
    decidedBy: by,
    norm: picture.norm,
    drift: picture.drift,
    reasons: [
      ...(constant ? (['CONSTANT_DECISION'] as const) : []),
      ...(radius === 0 && picture.drift > 0 ? (['DRIFT_REACHES_RADIUS'] as const) : []),
    ],
  }
}
