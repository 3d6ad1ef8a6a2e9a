import { assertSameLength } from './assert-same-length.js'

/**
 * Euclidean distance of two vectors, summed in float64 over differences, so that equal vectors are at
 * exactly 0; NaN where a value is NaN.
 *
 * @throws AssayError `SHAPE_MISMATCH`
 */
export function euclideanDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assertSameLength(a, b)
  let squares = 0
  for (let index = 0; index < a.length; index++) squares += (a[index]! - b[index]!) ** 2
  return Math.sqrt(squares)
}
