import { assertSameLength } from './assert-same-length.js'

/**
 * Inner product of two vectors, summed in float64; NaN where a value is NaN.
 *
 * @throws AssayError `SHAPE_MISMATCH`
 */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assertSameLength(a, b)
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}
