/**
 * Classifier-free guidance (Ho and Salimans 2022, equation 6, scale 1 + w): u + scale (c - u).
 *
 * @param outputs u for every row, then c for every row
 */
export function guide(outputs: Float32Array, scale: number): Float32Array {
  const half = outputs.length / 2
  const guided = new Float32Array(half)
  for (let at = 0; at < half; at++) {
    const without = outputs[at]!
    guided[at] = without + scale * (outputs[half + at]! - without)
  }
  return guided
}
