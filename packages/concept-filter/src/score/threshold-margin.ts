import { AssayError } from '@assay/core'
import type { ScoreForm } from '../pairs/concept-pair.js'
import { projectionMargin } from './projection-confidence.js'
import { softmaxMargin } from './softmax-confidence.js'

/**
 * A threshold in one of its units: the confidence Γ in (0, 1), the logit z (of the softmax form), or the
 * cosine margin Δ. At a logit scale of 100 a confidence of .9 is a margin of .022.
 */
export type ConceptThreshold =
  | { readonly confidence: number }
  | { readonly logit: number }
  | { readonly margin: number }

interface ThresholdScale {
  readonly scoreForm: ScoreForm
  readonly logitScale: number
  /** |c_u - c_a|. */
  readonly length: number
}

/**
 * A threshold as a cosine margin; infinite where no picture can reach it, or all do.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a confidence outside (0, 1), a logit for the projection form,
 *   or NaN
 */
export function thresholdMargin(
  threshold: ConceptThreshold,
  { scoreForm, logitScale, length }: ThresholdScale,
): number {
  if ('confidence' in threshold) {
    const { confidence } = threshold
    if (!(confidence > 0 && confidence < 1)) throw invalidThreshold(threshold)
    return scoreForm === 'softmax'
      ? softmaxMargin(confidence, logitScale)
      : projectionMargin(confidence, length)
  }
  if ('logit' in threshold) {
    if (Number.isNaN(threshold.logit) || scoreForm !== 'softmax') throw invalidThreshold(threshold)
    return threshold.logit / logitScale
  }
  if (Number.isNaN(threshold.margin)) throw invalidThreshold(threshold)
  return threshold.margin
}

function invalidThreshold(threshold: ConceptThreshold): AssayError {
  return new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'The threshold of a concept pair is out of range.',
    value: threshold,
    remedy:
      'Give a confidence above 0 and below 1, a cosine margin, or, for the softmax form, a logit.',
  })
}
