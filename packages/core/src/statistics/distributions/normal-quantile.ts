import { checkOpenProbability } from '../check.js'
import { logNormalDensity, millsRatio } from './mills-ratio.js'

/**
 * The quantile of the standard normal distribution, to about 1e-15 (relative, or absolute next to 0).
 * Newton's method on the logarithm of the lower tail, which is concave: from a start left of the root it
 * climbs to it.
 *
 * @param probability A number between 0 and 1, neither of them.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for other numbers.
 */
export function normalQuantile(probability: number): number {
  checkOpenProbability(probability, 'The probability of normalQuantile')
  if (probability > 0.5) return -normalQuantile(1 - probability)
  if (probability === 0.5) return 0

  const target = Math.log(probability)
  // Left of the root, since the lower tail at -z is below exp(-z²/2) / 2.
  let z = -Math.sqrt(-2 * Math.log(2 * probability))
  for (let iteration = 0; iteration < 100; iteration += 1) {
    const ratio = millsRatio(-z)
    const step = (target - logNormalDensity(z) - Math.log(ratio)) * ratio
    z += step
    if (Math.abs(step) <= 1e-15 * Math.abs(z)) break
  }
  return z
}
