import { normalCumulative } from '../distributions/normal-cumulative.js'
import { normalQuantile } from '../distributions/normal-quantile.js'
import { studentTQuantile } from '../distributions/student-t-quantile.js'
import { isNegligible } from './is-negligible.js'

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
  return isNegligible(Math.sqrt(squares), mean) ? 0 : cubes / (6 * squares ** 1.5)
}

export interface BootstrapDistribution {
  /** The figure of all items. */
  readonly estimate: number
  /** The figures of the resamples, ascending. */
  readonly sorted: Float64Array
  /** The figures without each cluster in turn. */
  readonly leaveOneOut: Float64Array
}

/**
 * The bias-corrected and accelerated (BCa) percentiles of the replicates, widened for few clusters. Null
 * where they lie beyond the replicates, or where the replicates have no spread or leave the estimate out.
 *
 * Source: Efron (1987), Better bootstrap confidence intervals; Hesterberg (2015),
 * What teachers should know about the bootstrap (expanded percentiles).
 */
export function acceleratedBounds(
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
