import { logBinomialMass } from './binomial-distribution.js'
import type { DiscreteDistribution } from './discrete-distribution.js'

export interface HypergeometricParameters {
  /** Items drawn without replacement. */
  readonly draws: number
  /** Items of the kind that is counted. */
  readonly marked: number
  /** All items; more than `draws`. */
  readonly population: number
}

/**
 * The number of marked items among those drawn.
 *
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities (masses as
 * a product of binomial masses, which keeps its digits in tables of millions).
 */
export function hypergeometricDistribution({
  draws,
  marked,
  population,
}: HypergeometricParameters): DiscreteDistribution {
  const unmarked = population - marked
  const share = draws / population
  const logTotal = logBinomialMass(draws, population, share)
  return {
    minimum: Math.max(0, draws - unmarked),
    maximum: Math.min(draws, marked),
    mode: Math.floor(((draws + 1) * (marked + 1)) / (population + 2)),
    logMass: (outcome) =>
      logBinomialMass(outcome, marked, share) +
      logBinomialMass(draws - outcome, unmarked, share) -
      logTotal,
    ratio: (outcome) =>
      ((marked - outcome) / (outcome + 1)) * ((draws - outcome) / (unmarked - draws + outcome + 1)),
  }
}
