import { checkPositive } from '../check.js'
import { logGamma } from './log-gamma.js'
import { stirlingError } from './stirling-error.js'

const halfLogTwoPi = 0.9189385332046727

/**
 * The natural logarithm of the beta function, B(a, b) = Γ(a) Γ(b) / Γ(a + b), without the cancellation
 * that three large log-gammas would bring.
 *
 * @param a A finite number above 0.
 * @param b A finite number above 0.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for other numbers.
 *
 * Source: NIST Digital Library of Mathematical Functions, 5.12.1 and 5.11.1.
 */
export function logBeta(a: number, b: number): number {
  checkPositive(a, 'The first argument of logBeta')
  checkPositive(b, 'The second argument of logBeta')
  const sum = a + b
  if (sum < 10) return logGamma(a) + logGamma(b) - logGamma(sum)

  const small = Math.min(a, b)
  const large = Math.max(a, b)
  const corrections = stirlingError(small) + stirlingError(large) - stirlingError(sum)
  return (
    halfLogTwoPi +
    corrections +
    (small - 0.5) * Math.log(small / sum) -
    large * Math.log1p(small / large) -
    0.5 * Math.log(large)
  )
}
