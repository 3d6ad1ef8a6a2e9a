import { meanAndVariance } from '../mean-and-variance.js'
import { type ClusterId, groupByCluster } from './group-by-cluster.js'
import { isNegligible } from './is-negligible.js'

export interface ClusterRobustMean {
  /** Mean over all items, each counted once. */
  readonly mean: number
  /** Of the mean; 0 where no spread between clusters is seen. */
  readonly variance: number
  /** For the t quantile that goes with the variance. */
  readonly degreesOfFreedom: number
}

/**
 * Satterthwaite's degrees of freedom of the variance below, were all items independent: clusters - 1 where
 * all clusters have one size, fewer where a few large ones dominate.
 */
function degreesOfFreedom(sizes: readonly number[], n: number): number {
  let squares = 0
  let weighted = 0
  let weightedSquares = 0
  for (const size of sizes) {
    const weight = (size * size) / (1 - size / n)
    squares += size * size
    weighted += weight
    weightedSquares += weight * weight
  }
  return (n * n) / (squares + (weighted * weighted - weightedSquares) / (n * n))
}

/**
 * The mean over items with its variance where items of one cluster depend on each other: the ratio
 * estimator, its cluster sums of residuals each scaled up by 1 / (1 - share of the cluster), which
 * removes their shrinkage towards the common mean. Null for fewer than two clusters.
 *
 * Source: Bell and McCaffrey (2002), Bias reduction in standard errors for linear regression with
 * multi-stage samples, sections 3 and 4, for a mean.
 */
export function clusterRobustMean(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterId>,
): ClusterRobustMean | null {
  const groups = groupByCluster(clusters)
  if (groups.length < 2) return null

  const { n, mean } = meanAndVariance(values)
  let between = 0
  let total = 0
  for (const group of groups) {
    let residual = 0
    for (const index of group) {
      residual += values[index]! - mean
      total += (values[index]! - mean) ** 2
    }
    between += (residual * residual) / (1 - group.length / n)
  }
  const variance = between / (n * n)
  const typicalSize = Math.sqrt(mean * mean + total / n)
  const sizes = groups.map((group) => group.length)
  return {
    mean,
    variance: isNegligible(Math.sqrt(variance), typicalSize) ? 0 : variance,
    degreesOfFreedom: degreesOfFreedom(sizes, n),
  }
}
