import type { Interval } from '../../contracts/measure.js'
import { normalQuantile } from '../distributions/normal-quantile.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type IntervalOptions, tailOf } from './interval-options.js'

export interface WilsonIntervalOptions extends IntervalOptions {
  /** Moves each bound out by half a trial, so that coverage is hardly ever below the level; default false. */
  readonly continuityCorrection?: boolean
}

/**
 * The lower bound, the smaller root of (n + z²) p² - (2k + z²) p + k²/n, written without cancellation.
 * The counts need not be whole.
 */
export function wilsonLowerBound(successes: number, trials: number, z: number): number {
  const root = Math.sqrt(z * z + 4 * successes * (1 - successes / trials))
  return (2 * successes * (successes / trials)) / (2 * successes + z * z + z * root)
}

/**
 * The Wilson score interval of a proportion: close to its level on average at any n, always within
 * [0, 1], and never of no width. The one to show.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts or the level are out of range.
 *
 * Source: Wilson (1927), Probable inference, the law of succession, and statistical inference; Newcombe
 * (1998), Two-sided confidence intervals for the single proportion, methods 3 and 4.
 */
export function wilsonInterval(
  proportion: Proportion,
  { level = 0.95, continuityCorrection = false }: WilsonIntervalOptions = {},
): Interval {
  checkProportion(proportion)
  const { successes, trials } = proportion
  const z = -normalQuantile(tailOf(level))
  const shift = continuityCorrection ? 0.5 : 0
  return {
    low: wilsonLowerBound(Math.max(0, successes - shift), trials, z),
    high: 1 - wilsonLowerBound(Math.max(0, trials - successes - shift), trials, z),
    level,
    method: continuityCorrection ? 'wilson, continuity-corrected' : 'wilson',
  }
}
