import type { Interval } from '../../contracts/measure.js'
import { normalQuantile } from '../distributions/normal-quantile.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type IntervalOptions, tailOf } from './interval-options.js'

/** The logarithm of the share after half a success more, with its variance. */
function adjustedLog({ successes, trials }: Proportion): { log: number; variance: number } {
  const ratio = (successes + 0.5) / (trials + 0.5)
  return { log: Math.log(ratio), variance: 1 / (successes + 0.5) - 1 / (trials + 0.5) }
}

/**
 * The adjusted log interval of the ratio of two independent proportions, first over second. Half a
 * success is added to both counts of both (k + 1/2 of n + 1/2), so that zero counts give finite bounds;
 * statsmodels calls it `log-adjusted`.
 *
 * @returns Null where every trial of both is a success: the method has no width there, which would claim
 * certainty.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts or the level are out of range.
 *
 * Source: Fagerland, Lydersen and Laake (2015), Recommended confidence intervals for two independent
 * binomial proportions (adjusted log; Walter 1975).
 */
export function riskRatioInterval(
  first: Proportion,
  second: Proportion,
  { level = 0.95 }: IntervalOptions = {},
): Interval | null {
  checkProportion(first)
  checkProportion(second)
  const one = adjustedLog(first)
  const two = adjustedLog(second)
  const margin = -normalQuantile(tailOf(level)) * Math.sqrt(one.variance + two.variance)
  if (margin === 0) return null

  const log = one.log - two.log
  return {
    low: Math.exp(log - margin),
    high: Math.exp(log + margin),
    level,
    method: 'risk ratio, adjusted log',
  }
}
