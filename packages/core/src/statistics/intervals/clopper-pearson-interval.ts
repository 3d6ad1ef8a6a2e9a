import type { Interval } from '../../contracts/measure.js'
import { betaPoint } from '../distributions/beta-quantile.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type IntervalOptions, tailOf } from './interval-options.js'

/** Both bounds, from counts that need not be whole; `tail` is the probability left on each side. */
export function clopperPearsonBounds(
  successes: number,
  trials: number,
  tail: number,
): { low: number; high: number } {
  const failures = trials - successes
  const tails = { lower: tail, upper: 1 - tail }
  return {
    low: successes === 0 ? 0 : betaPoint(tails, successes, failures + 1).x,
    high: failures === 0 ? 1 : betaPoint(tails, failures, successes + 1).y,
  }
}

/**
 * The Clopper–Pearson interval of a proportion: covers at least at its level whatever the truth, and is
 * wider than needed for that. The one for guarantees, for instance in a gate.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts or the level are out of range.
 *
 * Source: Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in the case
 * of the binomial.
 */
export function clopperPearsonInterval(
  proportion: Proportion,
  { level = 0.95 }: IntervalOptions = {},
): Interval {
  checkProportion(proportion)
  const { successes, trials } = proportion
  const bounds = clopperPearsonBounds(successes, trials, tailOf(level))
  return { ...bounds, level, method: 'clopper-pearson' }
}
