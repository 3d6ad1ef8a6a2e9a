import { checkFinite, checkNotEmpty } from './check.js'

export interface MeanAndVariance {
  readonly n: number
  readonly mean: number
  /** Sample variance, over n - 1; null for a single value. */
  readonly variance: number | null
}

/**
 * Mean and sample variance in one pass, without the cancellation of a sum of squares.
 *
 * @throws `EMPTY_INPUT` for no value, `NOT_FINITE` for NaN and infinities.
 *
 * Source: Welford (1962), Note on a method for calculating corrected sums of squares and products.
 */
export function meanAndVariance(values: ArrayLike<number>): MeanAndVariance {
  checkNotEmpty(values.length, 'The list of values')
  checkFinite(values, 'The list of values')
  const n = values.length
  let mean = 0
  let squares = 0
  for (let index = 0; index < n; index += 1) {
    const difference = values[index]! - mean
    mean += difference / (index + 1)
    squares += difference * (values[index]! - mean)
  }
  return { n, mean, variance: n === 1 ? null : squares / (n - 1) }
}
