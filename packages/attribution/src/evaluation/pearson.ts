import { AssayError } from '@assay/core'
import { meanAndVariance } from '@assay/core/statistics'

/**
 * Pearson's correlation of two lists, in [-1, 1]; null where all values of a list are equal.
 *
 * @throws AssayError `SHAPE_MISMATCH` (lists of two lengths), `EMPTY_INPUT`, `NOT_FINITE`
 */
export function pearson(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  if (first.length !== second.length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The two lists to correlate differ in length: ${first.length} and ${second.length}.`,
      value: [first.length, second.length],
      remedy: 'Pass lists that belong together, item by item.',
    })
  }
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
