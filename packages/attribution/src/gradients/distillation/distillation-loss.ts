import { AssayError } from '@assay/core'

/** Predictions and what they should be. */
export interface DistillationLossOptions {
  /** Cosine of the embeddings of each pair, in [-1, 1]; at least one. */
  readonly cosines: ArrayLike<number>
  /** Share of the teacher's ranking before the picture of each pair, in [0, 1]; 0 is the most influential. */
  readonly targets: ArrayLike<number>
  /** `a`. */
  readonly scale: number
  /** `c`. */
  readonly offset: number
}

/**
 * What a ranker is taught by: the mean binary cross-entropy of the logits x = a cos + c against the shares
 * y, log(1 + exp x) − x y (Wang et al. 2025, "Fast data attribution for text-to-image models").
 *
 * @throws AssayError `SHAPE_MISMATCH`, `EMPTY_INPUT`
 */
export function distillationLoss(options: DistillationLossOptions): number {
  const { cosines, targets, scale, offset } = options
  if (cosines.length === 0 || cosines.length !== targets.length) {
    throw new AssayError({
      code: cosines.length === 0 ? 'EMPTY_INPUT' : 'SHAPE_MISMATCH',
      message: `There are ${cosines.length} cosines and ${targets.length} targets.`,
      value: [cosines.length, targets.length],
      remedy: 'Give one target for each of at least one cosine.',
    })
  }
  let sum = 0
  for (let pair = 0; pair < cosines.length; pair++) {
    const logit = scale * cosines[pair]! + offset
    // In the form that overflows for no logit.
    const softplus = Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)))
    sum += softplus - logit * targets[pair]!
  }
  return sum / cosines.length
}
