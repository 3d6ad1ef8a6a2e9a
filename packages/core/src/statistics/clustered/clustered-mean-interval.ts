import type { Interval } from '../../contracts/measure.js'
import { checkFinite, checkNotEmpty, checkSameLength } from '../check.js'
import { studentTQuantile } from '../distributions/student-t-quantile.js'
import { anyValue, cutToRange, type ValueRange } from '../intervals/cut-to-range.js'
import { type IntervalOptions, tailOf } from '../intervals/interval-options.js'
import { clusterRobustMean } from './cluster-robust-mean.js'
import type { ClusterId } from './group-by-cluster.js'

export interface ClusteredMeanOptions extends IntervalOptions {
  /** The values that one item may take, for instance [-1, 1]; the interval is cut to it. Default: any. */
  readonly range?: ValueRange
}

/**
 * The interval of a mean over items, where the items of one cluster (the pictures of one prompt) are not
 * independent: cluster-robust variance, t quantile. Each item counts the same, so large clusters weigh
 * more. Needs no balance; wants some 30 clusters, more where values are very skewed.
 *
 * @param values One finite number an item; leave out those that could not be measured.
 * @param clusters The cluster of each item.
 * @returns Null where no honest interval exists: fewer than two clusters, or no spread between clusters,
 * where an interval of no width would claim certainty.
 * @throws `EMPTY_INPUT` for no item, `SHAPE_MISMATCH` for lists of two lengths, `NOT_FINITE` for NaN and
 * infinities, `INVALID_ARGUMENT` for a level out of range or a mean outside `range`.
 *
 * Source: Bell and McCaffrey (2002), Bias reduction in standard errors for linear regression with
 * multi-stage samples.
 */
export function clusteredMeanInterval(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterId>,
  { level = 0.95, range = anyValue }: ClusteredMeanOptions = {},
): Interval | null {
  checkNotEmpty(values.length, 'The list of values')
  checkSameLength(values.length, clusters.length, 'The lists of values and clusters')
  checkFinite(values, 'The list of values')
  const tail = tailOf(level)
  const robust = clusterRobustMean(values, clusters)
  if (robust === null || robust.variance === 0) return null

  const { mean, variance, degreesOfFreedom } = robust
  const margin = -studentTQuantile(tail, degreesOfFreedom) * Math.sqrt(variance)
  return {
    ...cutToRange(mean, margin, range),
    level,
    method: 'clustered mean, t',
  }
}
