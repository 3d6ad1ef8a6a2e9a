/** Unit roundoff of float32 and of float64, rounding to nearest. */
const float32Roundoff = 2 ** -24
const float64Roundoff = 2 ** -53

/** The smallest normal float32; a runtime may take anything smaller for zero. */
export const smallestNormal = 2 ** -126

/**
 * Lengths beyond which float32 products may overflow, or lose their digits near zero. Where a length
 * is outside, no estimate is trusted.
 */
export const trustedLengths = { least: 1e-18, most: 1e18 }

/**
 * A bound of the relative error that `operations` roundings build up, for any order of summation:
 * `n u / (1 - n u)` of N. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed.), Lemma 3.1
 * and equation (3.5). Eight more roundings pay for what is rounded besides: the scaled query, the
 * weight and its use, and the float64 sums on the other side of the comparison.
 */
export function float32Error(operations: number): number {
  const product = (operations + 8) * float32Roundoff
  return product < 1 ? product / (1 - product) : Number.POSITIVE_INFINITY
}

/** The same for float64. */
export function float64Error(operations: number): number {
  return ((operations + 8) * float64Roundoff) / (1 - (operations + 8) * float64Roundoff)
}
