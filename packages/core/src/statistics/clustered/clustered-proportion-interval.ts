import type { Interval } from '../../contracts/measure.js'
import { checkNotEmpty, checkSameLength } from '../check.js'
import { normalQuantile } from '../distributions/normal-quantile.js'
import { clopperPearsonBounds } from '../intervals/clopper-pearson-interval.js'
import { type IntervalOptions, tailOf } from '../intervals/interval-options.js'
import { wilsonLowerBound } from '../intervals/wilson-interval.js'
import { effectiveSampleSize } from './effective-sample-size.js'
import type { ClusterId } from './group-by-cluster.js'

export interface ClusteredProportionOptions extends IntervalOptions {
  /**
   * `clopper-pearson` errs on the safe side and is for guarantees, `wilson` is close to the level on
   * average and is for show; default `clopper-pearson`.
   */
  readonly form?: 'clopper-pearson' | 'wilson'
}

/**
 * The interval of a share of items, where the items of one cluster (the pictures of one prompt) are not
 * independent: the Clopper–Pearson or Wilson interval at the effective sample size. Always within
 * [0, 1], never of no width, and equal to the plain interval where every cluster has one item. Where all
 * outcomes are equal, each cluster counts as one item, since nothing is known of the dependence.
 *
 * @param outcomes Whether each item is a success; leave out those that could not be judged.
 * @param clusters The cluster of each item.
 * @returns Null for fewer than two clusters: then no honest interval exists.
 * @throws `EMPTY_INPUT` for no item, `SHAPE_MISMATCH` for lists of two lengths, `INVALID_ARGUMENT` for a
 * level out of range.
 *
 * Source: Korn and Graubard (1998), Confidence intervals for proportions with small expected number of
 * positive counts estimated from survey data; with the Wilson form: Franco, Little, Louis and Slud
 * (2019), Comparative study of confidence intervals for proportions in complex sample surveys.
 */
export function clusteredProportionInterval(
  outcomes: readonly boolean[],
  clusters: ArrayLike<ClusterId>,
  { level = 0.95, form = 'clopper-pearson' }: ClusteredProportionOptions = {},
): Interval | null {
  checkNotEmpty(outcomes.length, 'The list of outcomes')
  checkSameLength(outcomes.length, clusters.length, 'The lists of outcomes and clusters')
  const tail = tailOf(level)
  const values = Float64Array.from(outcomes, (outcome) => (outcome ? 1 : 0))
  const trials = effectiveSampleSize(values, clusters, tail)
  if (trials === null) return null

  const share = values.reduce((sum, value) => sum + value, 0) / values.length
  const successes = share * trials
  const z = -normalQuantile(tail)
  const bounds =
    form === 'wilson'
      ? {
          low: wilsonLowerBound(successes, trials, z),
          high: 1 - wilsonLowerBound(trials - successes, trials, z),
        }
      : clopperPearsonBounds(successes, trials, tail)
  return { ...bounds, level, method: `clustered ${form}` }
}
