import { checkFinite, checkNotEmpty } from './check.js'

export interface MeanAndVariance {
  readonly n: number
  readonly mean: number
  /** Sample variance, over n - 1; null for a single value. */
  readonly variance: number | null
}

/** Sum of the differences from a centre. */
function sumAround(values: ArrayLike<number>, centre: number): number {
  let sum = 0
  for (let index = 0; index < values.length; index += 1) sum += values[index]! - centre
  return sum
}

/**
 * Mean and sample variance, by the corrected two-pass algorithm: no sum of squares of large numbers whose
 * difference would lose the digits.
 *
 * @throws `EMPTY_INPUT` for no value, `NOT_FINITE` for NaN and infinities.
 *
 * Source: Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, equation 1.7.
 */
export function meanAndVariance(values: ArrayLike<number>): MeanAndVariance {
  checkNotEmpty(values.length, 'The list of values')
  checkFinite(values, 'The list of values')
  const n = values.length
  const near = values[0]! + sumAround(values, values[0]!) / n
  const rest = sumAround(values, near)
  let squares = 0
  for (let index = 0; index < n; index += 1) squares += (values[index]! - near) ** 2
  const variance = n === 1 ? null : Math.max(0, squares - (rest * rest) / n) / (n - 1)
  return { n, mean: near + rest / n, variance }
}
