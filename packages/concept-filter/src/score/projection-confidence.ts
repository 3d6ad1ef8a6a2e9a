import { logit } from './logit.js'
import { sigmoid } from './sigmoid.js'

/**
 * Confidence from the distances of the picture's projection on the line between the concepts to each of
 * them: softmax(-|p - c_u|, -|p - c_a|). At one half it decides as the softmax form does; elsewhere its
 * confidences differ, and never leave the middle, as no scale sharpens them.
 *
 * With a = margin / length, |p - c_u|^2 = a^2 - a length + 1 and |p - c_a|^2 = a^2 + a length + 1.
 *
 * @param margin cos(x, c_u) - cos(x, c_a)
 * @param length |c_u - c_a|, above 0
 *
 * Source: Espresso (2024), the projection form of the first versions.
 */
export function projectionConfidence(margin: number, length: number): number {
  const along = margin / length
  const toUnacceptable = Math.sqrt(along * along - margin + 1)
  const toAcceptable = Math.sqrt(along * along + margin + 1)
  return sigmoid(toAcceptable - toUnacceptable)
}

/**
 * The margin at which {@link projectionConfidence} is `confidence`, in (0, 1); infinite where no picture
 * reaches it. Solves the hyperbola |p - c_a| - |p - c_u| = logit(confidence).
 */
export function projectionMargin(confidence: number, length: number): number {
  const difference = logit(confidence)
  if (difference === 0) return 0
  const beyond = difference * Number.POSITIVE_INFINITY
  if (Math.abs(difference) >= length) return beyond // The distances cannot differ by more.
  const squared = difference * difference
  const along = Math.sqrt((1 - squared / 4) / ((length * length) / squared - 1))
  return along <= 1 ? Math.sign(difference) * along * length : beyond
}
