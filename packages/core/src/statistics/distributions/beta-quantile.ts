import { checkPositive, checkProbability } from '../check.js'
import { logBeta } from '../special-functions/log-beta.js'
import { logBetaKernel, type UnitPoint } from '../special-functions/log-beta-kernel.js'
import { betaTails } from '../special-functions/regularized-incomplete-beta.js'

/** A probability with its complement, so that neither loses digits next to 0. */
export interface TailProbabilities {
  readonly lower: number
  /** 1 - lower. */
  readonly upper: number
}

/**
 * The point below which a beta variable falls with probability `lower`. Newton's method on the logarithm
 * of the tail as a function of the logit, which is concave and increasing: the steps cannot go astray.
 */
export function betaPoint(tails: TailProbabilities, a: number, b: number): UnitPoint {
  const { lower, upper } = tails
  if (lower > upper) {
    const { x, y } = betaPoint({ lower: upper, upper: lower }, b, a)
    return { x: y, y: x }
  }
  if (lower === 0) return { x: 0, y: 1 }

  const target = Math.log(lower)
  // Far out in the tail I_x is close to x^a / (a B(a, b)).
  const leading = (target + Math.log(a) + logBeta(a, b)) / a
  let logit = Math.min(leading, Math.log(a / b))
  let point = { x: 0, y: 1 }
  for (let iteration = 0; iteration < 100; iteration += 1) {
    point = { x: 1 / (1 + Math.exp(-logit)), y: 1 / (1 + Math.exp(logit)) }
    if (point.x === 0 || point.y === 0) break
    const { logLower } = betaTails(point, a, b)
    const step = (target - logLower) * Math.exp(logLower - logBetaKernel(point, a, b))
    logit += step
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(logit))) break
  }
  return point
}

/**
 * The quantile of the beta distribution, which is the inverse of the regularised incomplete beta function
 * in x; to about 1e-13 relative.
 *
 * @param probability A number from 0 to 1.
 * @param a A finite number above 0.
 * @param b A finite number above 0.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` for other numbers.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  checkProbability(probability, 'The probability of betaQuantile')
  checkPositive(a, 'The parameter a of betaQuantile')
  checkPositive(b, 'The parameter b of betaQuantile')
  return betaPoint({ lower: probability, upper: 1 - probability }, a, b).x
}
