import { studentTQuantile } from '../distributions/student-t-quantile.js'
import { clusterRobustMean } from './cluster-robust-mean.js'
import { type ClusterId, groupByCluster } from './group-by-cluster.js'

/**
 * The number of independent items that would tell as much about a share as these items in clusters do:
 * their number over the design effect, and less for a variance that rests on few clusters; never above
 * their number. Null for fewer than two clusters.
 *
 * The design effect is estimated, and then steadied by one made-up cluster that has the largest one
 * possible: where successes (or failures) are in few clusters, the estimate is mostly too small, and
 * plain Korn–Graubard intervals cover 87 to 93 % instead of 95 %. Where all outcomes are equal there is
 * nothing to estimate, and each cluster counts as one item, the worst case.
 *
 * Source: Korn and Graubard (1998), Confidence intervals for proportions with small expected number of
 * positive counts estimated from survey data; the largest design effect after Kish (1965),
 * Survey sampling; the steadying is ours, its coverage is in clustered-coverage.results.md.
 */
export function effectiveSampleSize(
  outcomes: ArrayLike<number>,
  clusters: ArrayLike<ClusterId>,
  tail: number,
): number | null {
  const robust = clusterRobustMean(outcomes, clusters)
  if (robust === null) return null

  const n = outcomes.length
  const groups = groupByCluster(clusters)
  const independent = (robust.mean * (1 - robust.mean)) / (n - 1)
  if (independent === 0) return groups.length

  const estimated = Math.max(1, robust.variance / independent)
  const largest = groups.reduce((sum, group) => sum + group.length ** 2, 0) / n
  const holding = (outcome: number) =>
    groups.filter((group) => group.some((index) => outcomes[index] === outcome)).length
  const informative = Math.min(holding(0), holding(1))
  const designEffect = (informative * estimated + largest) / (informative + 1)
  const quantiles = studentTQuantile(tail, n - 1) / studentTQuantile(tail, robust.degreesOfFreedom)
  return (n / designEffect) * Math.min(1, quantiles ** 2)
}
