import type { Interval } from '../../contracts/measure.js'
import { checkFinite, checkNotEmpty, checkOpenProbability } from '../check.js'
import { firstFrom } from '../first-from.js'
import { betaTails } from '../special-functions/regularized-incomplete-beta.js'
import { type IntervalOptions, tailOf } from './interval-options.js'

export interface QuantileIntervalOptions extends IntervalOptions {
  /** Which quantile, between 0 and 1: 0.5 for the median. */
  readonly quantile: number
}

/** P(X < count) for X binomial. */
function binomialBelow(count: number, trials: number, probability: number): number {
  if (count <= 0) return 0
  if (count > trials) return 1
  const point = { x: 1 - probability, y: probability }
  return Math.exp(betaTails(point, trials - count + 1, count).logLower)
}

/**
 * The interval of a quantile between two order statistics of independent draws: the number of draws below a
 * quantile is binomial whatever the distribution, so it covers at least at its level, each tail apart. Null
 * where there are too few draws for any such interval.
 *
 * @throws `EMPTY_INPUT`, `NOT_FINITE` or `INVALID_ARGUMENT` for no values, values that are no numbers, and a
 *   quantile or level out of range.
 *
 * Source: Thompson (1936), On confidence ranges for the median and other expectation distributions; David
 * and Nagaraja (2003), Order statistics, section 7.1.
 */
export function quantileInterval(
  values: ArrayLike<number>,
  { quantile, level = 0.95 }: QuantileIntervalOptions,
): Interval | null {
  checkNotEmpty(values.length, 'The list of values')
  checkFinite(values, 'The list of values')
  checkOpenProbability(quantile, 'The quantile')
  const tail = tailOf(level)
  const n = values.length
  // The largest lower rank with P(X < rank) <= tail, the smallest upper one with P(X >= rank) <= tail.
  const lower = firstFrom(n + 1, (rank) => binomialBelow(rank, n, quantile) > tail) - 1
  const upper = firstFrom(n + 1, (rank) => binomialBelow(n - rank + 1, n, 1 - quantile) <= tail)
  if (lower < 1 || upper > n) return null
  const sorted = Float64Array.from(values).sort()
  return { low: sorted[lower - 1]!, high: sorted[upper - 1]!, level, method: 'order statistics' }
}
