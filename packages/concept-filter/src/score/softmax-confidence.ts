import { logit } from './logit.js'
import { sigmoid } from './sigmoid.js'

/**
 * Two-way softmax over the scaled cosines: g = 1 / (1 + exp(-z)) with z = logit scale x margin.
 *
 * @param margin cos(x, c_u) - cos(x, c_a), in [-2, 2]
 *
 * Source: Espresso (2024), the filter function.
 */
export function softmaxConfidence(margin: number, logitScale: number): number {
  return sigmoid(logitScale * margin)
}

/** The margin at which {@link softmaxConfidence} is `confidence`, in (0, 1): logit(confidence) / logit scale. */
export function softmaxMargin(confidence: number, logitScale: number): number {
  return logit(confidence) / logitScale
}
