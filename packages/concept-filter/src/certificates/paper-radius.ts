/** What a bound on embedding noise is worked out from. */
export interface ConfidenceMargin {
  /** |g - Γ|: how far the confidence is from the threshold, both as confidences. */
  readonly confidenceMargin: number
  /** Multiplier of cosines. */
  readonly logitScale: number
  /** Length of the embedding; the bounds are in its unit. */
  readonly norm: number
}

/**
 * The paper's bound: noise on the raw image embedding shorter than this does not change the decision.
 * norm x 2 m / (τ + 2 m) with m = |g - Γ|; at τ = 100 never more than .0099 of the norm.
 *
 * Holds for the softmax form. It says nothing of pixels or prompts.
 *
 * Source: Espresso (2024), the theorem on certified robustness.
 */
export function paperRadius({ confidenceMargin, logitScale, norm }: ConfidenceMargin): number {
  return (norm * 2 * confidenceMargin) / (logitScale + 2 * confidenceMargin)
}
