import type { Interval } from '../../contracts/measure.js'
import type { Random } from '../../random/random.js'
import { checkAtLeast, checkFinite, checkNotEmpty, checkSameLength } from '../check.js'
import { type IntervalOptions, tailOf } from '../intervals/interval-options.js'
import { acceleratedBounds } from './accelerated-bounds.js'
import { type ClusterId, groupByCluster } from './group-by-cluster.js'

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

/**
 * The bootstrap interval of any smooth figure over items, where the items of one cluster (the pictures of
 * one prompt) are not independent: whole clusters are drawn with replacement, and the percentiles are
 * bias-corrected, accelerated (BCa) and widened for few clusters. Not for figures over a set as such
 * (Vendi score, recall, coverage, duplicates), which see the copies that resampling makes: use
 * {@link jackknifeInterval} there. Wants 100 clusters; measured coverage is in
 * clustered-coverage.results.md. For a mean or a share the closed forms are quicker and better.
 *
 * @returns Null where no honest interval exists: fewer than two clusters, a statistic that is null for all
 * items or for a resample, no spread, or percentiles beyond the replicates (very few clusters, or too few
 * resamples for the level).
 * @throws `EMPTY_INPUT` for no item, `SHAPE_MISMATCH` for lists of two lengths, `NOT_FINITE` where the
 * statistic is NaN or infinite, `INVALID_ARGUMENT` for an option out of range.
 *
 * Source: Efron (1987), Better bootstrap confidence intervals; Davison and Hinkley (1997), Bootstrap
 * methods and their application, section 3.8 (clusters); Hesterberg (2015), What teachers should know
 * about the bootstrap (expanded percentiles).
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
