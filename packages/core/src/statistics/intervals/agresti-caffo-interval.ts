import type { Interval } from '../../contracts/measure.js'
import { normalQuantile } from '../distributions/normal-quantile.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type IntervalOptions, tailOf } from './interval-options.js'

/** The share after one success and one failure more, with its variance. */
function adjusted({ successes, trials }: Proportion): { share: number; variance: number } {
  const share = (successes + 1) / (trials + 2)
  return { share, variance: (share * (1 - share)) / (trials + 2) }
}

/**
 * The Agresti–Caffo interval of the difference of two independent proportions, first minus second: the
 * simple interval after adding one success and one failure to each, cut to [-1, 1].
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts or the level are out of range.
 *
 * Source: Agresti and Caffo (2000), Simple and effective confidence intervals for proportions and
 * differences of proportions.
 */
export function agrestiCaffoInterval(
  first: Proportion,
  second: Proportion,
  { level = 0.95 }: IntervalOptions = {},
): Interval {
  checkProportion(first)
  checkProportion(second)
  const one = adjusted(first)
  const two = adjusted(second)
  const difference = one.share - two.share
  const margin = -normalQuantile(tailOf(level)) * Math.sqrt(one.variance + two.variance)
  return {
    low: Math.max(-1, difference - margin),
    high: Math.min(1, difference + margin),
    level,
    method: 'agresti-caffo',
  }
}
