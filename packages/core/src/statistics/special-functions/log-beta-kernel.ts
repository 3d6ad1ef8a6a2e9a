import { deviance } from './deviance.js'
import { logBeta } from './log-beta.js'
import { stirlingError } from './stirling-error.js'

const logTwoPi = 1.8378770664093456

/** A point of the unit interval with its complement, so that neither loses digits next to 0. */
export interface UnitPoint {
  readonly x: number
  /** 1 - x. */
  readonly y: number
}

/**
 * ln(x^a y^b / B(a, b)), the density of the logit of a beta variable. With large a and b the three parts
 * are huge and nearly cancel; the saddle-point form has only their small remainder.
 *
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities.
 */
export function logBetaKernel({ x, y }: UnitPoint, a: number, b: number): number {
  const sum = a + b
  if (sum < 10) return a * Math.log(x) + b * Math.log(y) - logBeta(a, b)

  const corrections = stirlingError(sum) - stirlingError(a) - stirlingError(b)
  const deviances = deviance(a, sum * x) + deviance(b, sum * y)
  return corrections - deviances + 0.5 * (Math.log(a) + Math.log(b / sum) - logTwoPi)
}
