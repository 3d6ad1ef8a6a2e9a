import type { Interval } from '../../contracts/measure.js'
import { betaPoint } from '../distributions/beta-quantile.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type IntervalOptions, tailOf } from './interval-options.js'

/**
 * The equal-tailed Jeffreys interval of a proportion: the posterior under a Beta(1/2, 1/2) prior.
 *
 * At no success the lower bound stays a little above 0, and at no failure the upper one a little below 1,
 * as in statsmodels; the estimate 0 or 1 is then outside. Brown, Cai and DasGupta put the bound at 0 or 1
 * there; use the Wilson interval where that matters.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts or the level are out of range.
 *
 * Source: Brown, Cai and DasGupta (2001), Interval estimation for a binomial proportion.
 */
export function jeffreysInterval(
  proportion: Proportion,
  { level = 0.95 }: IntervalOptions = {},
): Interval {
  checkProportion(proportion)
  const { successes, trials } = proportion
  const tail = tailOf(level)
  const tails = { lower: tail, upper: 1 - tail }
  return {
    low: betaPoint(tails, successes + 0.5, trials - successes + 0.5).x,
    high: betaPoint(tails, trials - successes + 0.5, successes + 0.5).y,
    level,
    method: 'jeffreys',
  }
}
