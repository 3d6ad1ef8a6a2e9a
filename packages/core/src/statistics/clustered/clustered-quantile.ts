import type { Interval } from '../../contracts/measure.js'
import { checkFinite, checkNotEmpty, checkOpenProbability, checkSameLength } from '../check.js'
import { firstFrom } from '../first-from.js'
import { anyValue, cutToRange, type ValueRange } from '../intervals/cut-to-range.js'
import { type IntervalOptions, tailOf } from '../intervals/interval-options.js'
import { clusteredProportionInterval } from './clustered-proportion-interval.js'
import type { ClusterId } from './group-by-cluster.js'

export interface ClusteredQuantileOptions extends IntervalOptions {
  /** q, in (0, 1): 0.95 for the value that 95 % of the items do not exceed. */
  readonly quantile: number
  /**
   * The values that one item may take, for instance [-1, 1]. Where the items are too few to bound the
   * quantile on a side, the bound is the end of the range. Default: any, and then there is no interval.
   */
  readonly range?: ValueRange
}

/** A quantile of a sample, and where that of its population lies. */
export interface QuantileEstimate {
  /** The smallest value that at least the share q of the values do not exceed; never between two values. */
  readonly estimate: number
  /** Null for fewer than two clusters, or where items too few leave a side without bound. */
  readonly interval: Interval | null
}

/**
 * A quantile over items and its interval, where the items of one cluster (the pictures of one prompt) are not
 * independent. The interval holds every value of which the clustered Clopper–Pearson interval of the share of
 * items up to it does not rule out q. Its ends are values of the sample; where every cluster has one item,
 * they are the usual order statistics. Ties are allowed. It errs on the safe side: at 0.95, with 30 and 100
 * clusters of one to nine, it covers 96 to 99.6 % (clustered-quantile.long.test.ts).
 *
 * @param values One finite number an item; leave out those that could not be measured.
 * @param clusters The cluster of each item.
 * @throws `EMPTY_INPUT` for no item, `SHAPE_MISMATCH` for lists of two lengths, `NOT_FINITE` for NaN and
 * infinities, `INVALID_ARGUMENT` for a quantile or level out of range, or an estimate outside `range`.
 *
 * Source: Woodruff (1952), Confidence intervals for medians and other position measures; by test inversion:
 * Francisco and Fuller (1991), Quantile estimation with a complex survey design. The estimate: Hyndman and Fan
 * (1996), Sample quantiles in statistical packages, definition 1.
 */
export function clusteredQuantile(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterId>,
  { quantile, level = 0.95, range = anyValue }: ClusteredQuantileOptions,
): QuantileEstimate {
  checkNotEmpty(values.length, 'The list of values')
  checkSameLength(values.length, clusters.length, 'The lists of values and clusters')
  checkFinite(values, 'The list of values')
  checkOpenProbability(quantile, 'The quantile')
  tailOf(level)
  const sorted = Float64Array.from(values).sort()
  // A share of the count may come out above a whole number by rounding.
  const estimate = sorted[Math.ceil(quantile * sorted.length * (1 - 1e-12)) - 1]!
  cutToRange(estimate, 0, range)
  const all = Array.from(values)
  const shareUpTo = (value: number) =>
    clusteredProportionInterval(
      all.map((each) => each <= value),
      clusters,
      { level },
    )
  if (shareUpTo(estimate) === null) return { estimate, interval: null }

  // Of the values below all items, too, the share up to them may rule out q.
  const points = [-Infinity, ...sorted.filter((value, at) => value !== sorted[at - 1])]
  const start = points.indexOf(estimate)
  const first = firstFrom(start, (at) => shareUpTo(points[at]!)!.high > quantile)
  const last =
    start +
    firstFrom(points.length - start, (at) => shareUpTo(points[start + at]!)!.low >= quantile)
  const low = first === 0 ? range[0] : points[first]!
  const high = points[last] ?? range[1]
  const isBounded = Number.isFinite(low) && Number.isFinite(high)
  const method = 'clustered quantile, test inversion'
  return { estimate, interval: isBounded ? { low, high, level, method } : null }
}
