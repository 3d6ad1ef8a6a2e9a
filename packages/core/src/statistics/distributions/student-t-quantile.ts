import { checkOpenProbability, checkPositive } from '../check.js'
import { betaPoint } from './beta-quantile.js'

/**
 * The quantile of Student's t distribution.
 *
 * @param probability A number between 0 and 1, neither of them.
 * @param degreesOfFreedom A finite number above 0, not necessarily whole.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for other numbers.
 *
 * Source: Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.1: ν / (ν + t²) is beta
 * with parameters ν/2 and 1/2.
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  checkOpenProbability(probability, 'The probability of studentTQuantile')
  checkPositive(degreesOfFreedom, 'The degrees of freedom')
  if (probability > 0.5) return -studentTQuantile(1 - probability, degreesOfFreedom)
  if (probability === 0.5) return 0

  const tails = { lower: 2 * probability, upper: 1 - 2 * probability }
  const { x, y } = betaPoint(tails, degreesOfFreedom / 2, 0.5)
  return -Math.sqrt((degreesOfFreedom * y) / x)
}
