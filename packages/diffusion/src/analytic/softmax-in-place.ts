/** Weights below this share of the largest are below the rounding of their float64 sum. */
const negligible = -40

/** exp of each number over their sum; those that vanish in the sum become 0. */
export function softmaxInPlace(logits: Float64Array): void {
  let largest = -Infinity
  for (let at = 0; at < logits.length; at++) largest = Math.max(largest, logits[at]!)
  let sum = 0
  for (let at = 0; at < logits.length; at++) {
    const relative = logits[at]! - largest
    const weight = relative < negligible ? 0 : Math.exp(relative)
    logits[at] = weight
    sum += weight
  }
  for (let at = 0; at < logits.length; at++) logits[at]! /= sum
}
