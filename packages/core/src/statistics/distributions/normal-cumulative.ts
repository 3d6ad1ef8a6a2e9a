import { checkFinite } from '../check.js'
import { logNormalDensity, millsRatio } from './mills-ratio.js'

/**
 * Φ(x), the probability that a standard normal variable is at most x; the lower tail keeps about 1e-15
 * relative, and 1e-13 at 1e-300. For an upper tail pass -x.
 *
 * @throws `NOT_FINITE` for NaN and infinities.
 */
export function normalCumulative(x: number): number {
  checkFinite([x], 'The argument of normalCumulative')
  if (x > 0) return 1 - normalCumulative(-x)
  return Math.exp(logNormalDensity(x)) * millsRatio(-x)
}
