import { logBetaKernel } from '../special-functions/log-beta-kernel.js'
import type { DiscreteDistribution } from './discrete-distribution.js'

/** ln of the probability of k successes in n trials of probability p between 0 and 1. */
export function logBinomialMass(k: number, n: number, p: number): number {
  if (k === 0) return n * Math.log1p(-p)
  if (k === n) return n * Math.log(p)
  return logBetaKernel({ x: p, y: 1 - p }, k, n - k) - Math.log(k) - Math.log1p(-k / n)
}

/** The number of successes in `trials` independent trials of probability `p` between 0 and 1. */
export function binomialDistribution(trials: number, p: number): DiscreteDistribution {
  const odds = p / (1 - p)
  return {
    minimum: 0,
    maximum: trials,
    mode: Math.min(trials, Math.floor((trials + 1) * p)),
    logMass: (outcome) => logBinomialMass(outcome, trials, p),
    ratio: (outcome) => ((trials - outcome) / (outcome + 1)) * odds,
  }
}
