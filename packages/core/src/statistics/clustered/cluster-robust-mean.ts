import { meanAndVariance } from '../mean-and-variance.js'
import { type ClusterId, groupByCluster } from './group-by-cluster.js'
import { isNegligible } from './is-negligible.js'
import { satterthwaiteDegreesOfFreedom } from './satterthwaite-degrees-of-freedom.js'

export interface ClusterRobustMean {
  /** Mean over all items, each counted once. */
  readonly mean: number
  /** Of the mean; 0 where no spread between clusters is seen. */
  readonly variance: number
  /** For the t quantile that goes with the variance. */
  readonly degreesOfFreedom: number
}

/**
 * The mean over items with its variance where items of one cluster depend on each other: the ratio
 * estimator, the square of each cluster's sum of residuals scaled up by 1 / (1 - share of the cluster),
 * which makes up for their shrinkage towards the common mean. Null for fewer than two clusters.
 *
 * Source: Bell and McCaffrey (2002), Bias reduction in standard errors for linear regression with
 * multi-stage samples, for a mean.
 */
export function clusterRobustMean(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterId>,
): ClusterRobustMean | null {
  const groups = groupByCluster(clusters)
  if (groups.length < 2) return null

  const { n, mean } = meanAndVariance(values)
  let total = 0
  let pairs = 0
  let within = 0
  let between = 0
  for (const group of groups) {
    let sum = 0
    let squares = 0
    for (const index of group) {
      const residual = values[index]! - mean
      sum += residual
      squares += residual * residual
    }
    total += squares
    pairs += group.length * (group.length - 1)
    within += sum * sum - squares
    between += (sum * sum) / (1 - group.length / n)
  }
  const variance = between / (n * n)
  const typicalSize = Math.sqrt(mean * mean + total / n)
  const correlation = pairs === 0 || total === 0 ? 0 : within / pairs / (total / n)
  return {
    mean,
    variance: isNegligible(Math.sqrt(variance), typicalSize) ? 0 : variance,
    degreesOfFreedom: satterthwaiteDegreesOfFreedom(
      groups.map((group) => group.length),
      Math.min(1, Math.max(0, correlation)),
    ),
  }
}
