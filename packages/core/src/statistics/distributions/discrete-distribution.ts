/** A distribution over whole numbers with one peak, given by what sums over its tails need. */
export interface DiscreteDistribution {
  readonly minimum: number
  readonly maximum: number
  /** The most likely outcome, the larger one where two are. */
  readonly mode: number
  /** The natural logarithm of the probability of an outcome. */
  logMass(outcome: number): number
  /** The probability of `outcome + 1` over that of `outcome`. */
  ratio(outcome: number): number
}

/** The sum of the masses from `outcome` away from the peak, over the mass of `outcome`. */
function relativeTail(
  distribution: DiscreteDistribution,
  outcome: number,
  direction: 1 | -1,
): number {
  const { minimum, maximum } = distribution
  const end = direction === 1 ? maximum : minimum
  let term = 1
  let sum = 1
  for (let at = outcome; at !== end && term > sum * 1e-18; at += direction) {
    term = direction === 1 ? term * distribution.ratio(at) : term / distribution.ratio(at - 1)
    sum += term
  }
  return sum
}

/** The probability of an outcome up to this one. Sums the tail away from the peak, which is the short one. */
export function lowerTail(distribution: DiscreteDistribution, outcome: number): number {
  if (outcome < distribution.minimum) return 0
  if (outcome >= distribution.mode) return 1 - upperTail(distribution, outcome + 1)
  const mass = Math.exp(distribution.logMass(outcome))
  return Math.min(1, mass * relativeTail(distribution, outcome, -1))
}

/** The probability of this outcome or a larger one. */
export function upperTail(distribution: DiscreteDistribution, outcome: number): number {
  if (outcome > distribution.maximum) return 0
  if (outcome <= distribution.mode) return 1 - lowerTail(distribution, outcome - 1)
  const mass = Math.exp(distribution.logMass(outcome))
  return Math.min(1, mass * relativeTail(distribution, outcome, 1))
}
