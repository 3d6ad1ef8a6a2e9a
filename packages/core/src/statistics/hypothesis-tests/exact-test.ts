import {
  type DiscreteDistribution,
  lowerTail,
  upperTail,
} from '../distributions/discrete-distribution.js'
import { type Alternative, checkAlternative } from './alternative.js'

/** The outcome of a test. */
export interface TestResult {
  /** The probability, if there is no difference, of an outcome at least as far out; from 0 to 1. */
  readonly pValue: number
  readonly alternative: Alternative
  /** How it was made, for instance `fisher exact` or `mcnemar exact, mid-p`. */
  readonly method: string
}

export interface ExactTestOptions {
  /** Default `two-sided`. */
  readonly alternative?: Alternative
  /**
   * Counts outcomes as likely as the one seen by half: nearer to the level than the exact test, which
   * errs on the safe side, but without its guarantee. Default false.
   */
  readonly midP?: boolean
}

/**
 * Outcomes whose log masses are this close count as equally likely. Rounding makes up to 1e-11 of
 * difference in tables of ten million.
 */
const tie = 1e-10

/** The first outcome from `from` to `to` for which `holds`, which stays true from there on; else `to`. */
function firstWhere(from: number, to: number, holds: (outcome: number) => boolean): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** The p-value of every outcome that is not more likely than the one seen, on both sides of the peak. */
function twoSided(distribution: DiscreteDistribution, outcome: number, midP: boolean): number {
  const { minimum, maximum, mode, logMass } = distribution
  const seen = logMass(outcome)
  const asRare = (other: number) => logMass(other) <= seen + tie
  const below = outcome < mode
  const other = below
    ? firstWhere(mode, maximum + 1, asRare)
    : -firstWhere(-Math.min(mode, outcome - 1), 1 - minimum, (negated) => asRare(-negated))
  const sum = below
    ? lowerTail(distribution, outcome) + upperTail(distribution, other)
    : upperTail(distribution, outcome) + lowerTail(distribution, other)
  if (!midP) return sum

  const tied = other >= minimum && other <= maximum && logMass(other) >= seen - tie
  return sum - Math.exp(seen) * (tied ? 1 : 0.5)
}

/** The p-value of an outcome under a distribution with one peak. */
export function exactPValue(
  distribution: DiscreteDistribution,
  outcome: number,
  { alternative, midP }: Required<ExactTestOptions>,
): number {
  checkAlternative(alternative)
  const half = midP ? 0.5 * Math.exp(distribution.logMass(outcome)) : 0
  const pValues = {
    greater: () => upperTail(distribution, outcome) - half,
    less: () => lowerTail(distribution, outcome) - half,
    'two-sided': () => twoSided(distribution, outcome, midP),
  }
  return Math.min(1, pValues[alternative]())
}
