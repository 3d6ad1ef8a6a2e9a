import { logGamma } from './log-gamma.js'
import { stirlingSeries } from './stirling-series.js'

const halfLogTwoPi = 0.9189385332046727

/**
 * What Stirling's formula lacks at x: ln Γ(x) - ((x - 1/2) ln x - x + ln(2π)/2), without cancellation
 * for large x.
 *
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities.
 */
export function stirlingError(x: number): number {
  if (x >= 10) return stirlingSeries(x)
  return logGamma(x) - (x - 0.5) * Math.log(x) + x - halfLogTwoPi
}
