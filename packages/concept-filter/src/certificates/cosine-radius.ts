import { boundaryAngle, conceptAngle } from './boundary-angle.js'
import { exactRadius } from './exact-radius.js'

/** An embedding beside a single vector, and the cosine at which a decision changes. */
export interface CosineMargin {
  /** cos(x, c), in [-1, 1]. */
  readonly cosine: number
  /** Flagged above this cosine. */
  readonly threshold: number
  /** Length of the embedding; the radius is in its unit. */
  readonly norm: number
}

/**
 * The length of the shortest noise on an embedding that carries its cosine with a vector over a threshold:
 * the distance to a cone. Infinite where no embedding has that cosine. The Stable Diffusion safety checker
 * decides by such thresholds; a concept pair by one on its direction w.
 *
 * Source: geometry; see {@link exactRadius}.
 */
export function cosineRadius({ cosine, threshold, norm }: CosineMargin): number {
  const boundary = boundaryAngle(threshold, 1)
  if (boundary === null) return Number.POSITIVE_INFINITY
  return exactRadius(conceptAngle(cosine, 1), boundary, norm)
}
