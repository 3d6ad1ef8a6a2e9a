import { checkOpenProbability } from '../check.js'

/** What every interval can be asked for. */
export interface IntervalOptions {
  /** Confidence level between 0 and 1; default 0.95. */
  readonly level?: number
}

/** The probability that each of two tails is left, of an interval of this level. */
export function tailOf(level: number): number {
  checkOpenProbability(level, 'The confidence level')
  return (1 - level) / 2
}
