import type { ConfidenceMargin } from './paper-radius.js'

/**
 * The paper's proof with the length of w kept where the paper takes its largest value, 2: the confidence
 * changes by at most τ |w| / 4 for each unit of the embedding's direction. norm x t / (1 + t) with
 * t = 4 m / (τ |w|); never less than {@link paperRadius}, never more than {@link exactRadius}.
 *
 * @param length |c_u - c_a|, above 0
 *
 * Source: the proof of Espresso's theorem, one estimate less.
 */
export function lipschitzRadius(
  { confidenceMargin, logitScale, norm }: ConfidenceMargin,
  length: number,
): number {
  const ratio = (4 * confidenceMargin) / (logitScale * length)
  return (norm * ratio) / (1 + ratio)
}
