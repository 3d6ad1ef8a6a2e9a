import type { Interval } from '../../contracts/measure.js'
import type { Proportion } from '../proportion.js'
import type { IntervalOptions } from './interval-options.js'
import { wilsonInterval } from './wilson-interval.js'

/**
 * Newcombe's interval of the difference of two independent proportions, first minus second, built from
 * their Wilson intervals. Always within [-1, 1].
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts or the level are out of range.
 *
 * Source: Newcombe (1998), Interval estimation for the difference between independent proportions,
 * method 10.
 */
export function newcombeInterval(
  first: Proportion,
  second: Proportion,
  { level = 0.95 }: IntervalOptions = {},
): Interval {
  const one = wilsonInterval(first, { level })
  const two = wilsonInterval(second, { level })
  const p1 = first.successes / first.trials
  const p2 = second.successes / second.trials
  return {
    low: p1 - p2 - Math.hypot(p1 - one.low, two.high - p2),
    high: p1 - p2 + Math.hypot(one.high - p1, p2 - two.low),
    level,
    method: 'newcombe',
  }
}
