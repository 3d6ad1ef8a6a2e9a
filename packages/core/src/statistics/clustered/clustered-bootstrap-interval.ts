import type { Interval } from '../../contracts/measure.js'
import type { Random } from '../../random/random.js'
import { checkAtLeast, checkFinite, checkNotEmpty, checkSameLength } from '../check.js'
import { normalCumulative } from '../distributions/normal-cumulative.js'
import { normalQuantile } from '../distributions/normal-quantile.js'
import { studentTQuantile } from '../distributions/student-t-quantile.js'
import { type IntervalOptions, tailOf } from '../intervals/interval-options.js'
import { type ClusterId, groupByCluster } from './group-by-cluster.js'
import { isNegligible } from './is-negligible.js'

export interface ClusteredBootstrapOptions<Item> extends IntervalOptions {
  readonly items: readonly Item[]
  /** The cluster of each item. */
  readonly clusters: ArrayLike<ClusterId>
  /** The figure of a list of items; null where it is not defined for them. */
  statistic(items: readonly Item[]): number | null
  /** Where the resamples come from. */
  readonly random: Random
  /** Number of resamples; at least 100, default 2000. */
  readonly resamples?: number
}

/** The value at a share of the sorted replicates, or null where it lies beyond them. */
function percentile(sorted: Float64Array, share: number): number | null {
  const position = share * (sorted.length + 1) - 1
  if (!(position >= 0 && position <= sorted.length - 1)) return null
  const below = sorted[Math.floor(position)]!
  const above = sorted[Math.ceil(position)]!
  return below + (position - Math.floor(position)) * (above - below)
}

/** Efron's acceleration: how fast the standard error changes with the figure, from its skewness. */
function acceleration(leaveOneOut: Float64Array): number {
  const mean = leaveOneOut.reduce((sum, value) => sum + value, 0) / leaveOneOut.length
  let squares = 0
  let cubes = 0
  for (const value of leaveOneOut) {
    squares += (mean - value) ** 2
    cubes += (mean - value) ** 3
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/** Figures of several lists of items, or null where one is not defined. */
function figures<Item>(
  count: number,
  listOf: (index: number) => Item[],
  statistic: (items: readonly Item[]) => number | null,
): Float64Array | null {
  const values = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const value = statistic(listOf(index))
    if (value === null) return null
    values[index] = value
  }
  checkFinite(values, 'The statistic')
  return values
}

interface BootstrapDistribution {
  readonly estimate: number
  readonly sorted: Float64Array
  readonly leaveOneOut: Float64Array
}

/** The bias-corrected and accelerated percentiles of the replicates. */
function acceleratedBounds(
  { estimate, sorted, leaveOneOut }: BootstrapDistribution,
  tail: number,
): { low: number; high: number } | null {
  // Drawing every cluster once gives the estimate again, up to the order of a sum.
  const equals = (value: number) => isNegligible(Math.abs(value - estimate), estimate)
  const below = sorted.filter((value) => value < estimate && !equals(value)).length
  const equal = sorted.filter(equals).length
  const share = (below + equal / 2) / sorted.length
  const spread = sorted[sorted.length - 1]! - sorted[0]!
  if (share === 0 || share === 1 || isNegligible(spread, estimate)) return null

  const bias = normalQuantile(share)
  const skew = acceleration(leaveOneOut)
  const clusters = leaveOneOut.length
  // Resampling n clusters is too narrow by √(1 - 1/n) and knows no t distribution; this makes up for both.
  const reach = Math.sqrt(clusters / (clusters - 1)) * studentTQuantile(tail, clusters - 1)
  const bound = (z: number) => {
    const shrinkage = 1 - skew * (bias + z)
    return shrinkage <= 0
      ? null
      : percentile(sorted, normalCumulative(bias + (bias + z) / shrinkage))
  }
  const low = bound(reach)
  const high = bound(-reach)
  return low === null || high === null ? null : { low, high }
}

/**
 * The bootstrap interval of any smooth figure over items, where the items of one cluster (the pictures of
 * one prompt) are not independent: whole clusters are drawn with replacement, and the percentiles are
 * bias-corrected, accelerated (BCa) and widened for few clusters. Not for figures over a set as such
 * (Vendi score, recall, coverage, duplicates), which see the copies that resampling makes: use
 * {@link jackknifeInterval} there.
 *
 * @returns Null where no honest interval exists: fewer than two clusters, a statistic that is null for all
 * items or for a resample, no spread, or percentiles beyond the replicates (very few clusters, or too few
 * resamples for the level).
 * @throws `EMPTY_INPUT` for no item, `SHAPE_MISMATCH` for lists of two lengths, `NOT_FINITE` where the
 * statistic is NaN or infinite, `INVALID_ARGUMENT` for an option out of range.
 *
 * Source: Efron (1987), Better bootstrap confidence intervals; Davison and Hinkley (1997), Bootstrap
 * methods and their application, section 3.8 (clusters); Hesterberg (2015), What teachers should know
 * about the bootstrap, section 5.3 (expanded percentiles).
 */
export function clusteredBootstrapInterval<Item>({
  items,
  clusters,
  statistic,
  random,
  resamples = 2000,
  level = 0.95,
}: ClusteredBootstrapOptions<Item>): Interval | null {
  checkNotEmpty(items.length, 'The list of items')
  checkSameLength(items.length, clusters.length, 'The lists of items and clusters')
  checkAtLeast(resamples, 100, 'The number of resamples')
  const tail = tailOf(level)
  const groups = groupByCluster(clusters).map((group) => group.map((index) => items[index]!))
  if (groups.length < 2) return null

  const draw = () => groups.flatMap(() => groups[random.integer(groups.length)]!)
  const whole = figures(1, () => [...items], statistic)
  const replicates = figures(resamples, draw, statistic)
  const leaveOneOut = figures(
    groups.length,
    (left) => groups.flatMap((group, index) => (index === left ? [] : group)),
    statistic,
  )
  if (whole === null || replicates === null || leaveOneOut === null) return null

  const bounds = acceleratedBounds(
    { estimate: whole[0]!, sorted: replicates.sort(), leaveOneOut },
    tail,
  )
  return bounds && { ...bounds, level, method: 'clustered bootstrap, bca' }
}
