import { continuedFraction } from '../special-functions/continued-fraction.js'

const halfLogTwoPi = 0.9189385332046727

/** The natural logarithm of the standard normal density. */
export function logNormalDensity(x: number): number {
  return -0.5 * x * x - halfLogTwoPi
}

/** Φ(x) - 1/2 over the density at x, for x up to 1.5. */
function bodyRatio(x: number): number {
  let term = x
  let sum = x
  for (let odd = 3; odd < 60; odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return sum
}

/**
 * The upper tail of the standard normal distribution over its density, for x of at least 0.
 *
 * Source: Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.2.11 (series) and 26.2.14
 * (continued fraction).
 */
export function millsRatio(x: number): number {
  if (x < 1.5) return 0.5 / Math.exp(logNormalDensity(x)) - bodyRatio(x)
  return 1 / continuedFraction({ first: x, numerator: (i) => i, denominator: () => x })
}
