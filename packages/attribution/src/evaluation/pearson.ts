import { meanAndVariance } from '@assay/core/statistics'

/**
 * Pearson's correlation of two lists of one length, in [-1, 1]; null where all values of a list are
 * equal.
 */
export function pearson(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  const [x, y] = [first, second].map((values) => meanAndVariance(values).mean) as [number, number]
  let [products, squaresOfX, squaresOfY] = [0, 0, 0]
  for (let index = 0; index < first.length; index++) {
    const a = first[index]! - x
    const b = second[index]! - y
    products += a * b
    squaresOfX += a * a
    squaresOfY += b * b
  }
  const scale = Math.sqrt(squaresOfX) * Math.sqrt(squaresOfY)
  return scale === 0 ? null : Math.max(-1, Math.min(1, products / scale))
}
