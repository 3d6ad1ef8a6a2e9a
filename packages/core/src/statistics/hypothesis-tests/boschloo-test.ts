import { AssayError } from '../../errors/assay-error.js'
import { binomialDistribution } from '../distributions/binomial-distribution.js'
import { upperTail } from '../distributions/discrete-distribution.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type Alternative, checkAlternative } from './alternative.js'
import type { TestResult } from './exact-test.js'
import { fisherExactTest } from './fisher-exact-test.js'

export interface BoschlooTestOptions {
  /** Default `two-sided`, which doubles the smaller one-sided p-value. */
  readonly alternative?: Alternative
}

/** Above this the search over the nuisance rate takes seconds, and Fisher's test is nearly as powerful. */
const mostTrials = 20_000

/** Fisher p-values this close, relative, count as equal: rounding must not part tables that tie. */
const tie = 1e-10

function checkSize(trials: number): void {
  if (trials <= mostTrials) return
  throw new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `Boschloo's test takes at most ${mostTrials} trials in all, got ${trials}.`,
    value: trials,
    remedy: 'Use fisherExactTest, which is nearly as powerful at this size.',
  })
}

/**
 * For every count of the second, the smallest count of the first that is at least as extreme as the
 * table seen, by Fisher's p-value. It never falls as the second's count rises, so one walk finds all.
 */
function rejectionBoundary(first: Proportion, second: Proportion): number[] {
  const { pValue } = fisherExactTest(first, second, { alternative: 'greater' })
  const limit = pValue * (1 + tie)
  const boundary: number[] = []
  let successes = 0
  for (let other = 0; other <= second.trials; other += 1) {
    const isExtreme = () =>
      fisherExactTest(
        { successes, trials: first.trials },
        { successes: other, trials: second.trials },
        { alternative: 'greater' },
      ).pValue <= limit
    while (successes <= first.trials && !isExtreme()) successes += 1
    boundary.push(successes)
  }
  return boundary
}

/** All masses of a binomial distribution, filled from the peak outwards. */
function binomialMasses(trials: number, rate: number): Float64Array {
  const distribution = binomialDistribution(trials, rate)
  const { mode } = distribution
  const masses = new Float64Array(trials + 1)
  masses[mode] = Math.exp(distribution.logMass(mode))
  for (let k = mode; k < trials; k += 1) masses[k + 1] = masses[k]! * distribution.ratio(k)
  for (let k = mode; k > 0; k -= 1) masses[k - 1] = masses[k]! / distribution.ratio(k - 1)
  return masses
}

/** The probability of a table past the boundary where both rates are `rate`. */
function rejectionProbability(boundary: readonly number[], trials: number, rate: number): number {
  const distribution = binomialDistribution(trials, rate)
  const weights = binomialMasses(boundary.length - 1, rate)
  const own = binomialMasses(trials, rate)
  let tail = upperTail(distribution, boundary[boundary.length - 1]!)
  let from = boundary[boundary.length - 1]!
  let sum = 0
  for (let other = boundary.length - 1; other >= 0; other -= 1) {
    for (; from > boundary[other]!; from -= 1) tail += own[from - 1]!
    sum += weights[other]! * tail
  }
  return sum
}

/** The largest value of `f` next to `at`, by golden-section search in [low, high]. */
function refine(f: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let from = low
  let to = high
  let best = 0
  for (let step = 0; step < 60; step += 1) {
    const left = to - golden * (to - from)
    const right = from + golden * (to - from)
    const atLeft = f(left)
    const atRight = f(right)
    best = Math.max(best, atLeft, atRight)
    if (atLeft > atRight) to = right
    else from = left
  }
  return best
}

/** The largest rejection probability over all common rates: a grid in the arcsine scale, then refined. */
function greaterPValue(first: Proportion, second: Proportion): number {
  const boundary = rejectionBoundary(first, second)
  const points = 200 + Math.ceil(4 * Math.sqrt(first.trials + second.trials))
  const angle = (index: number) => (Math.PI / 2) * (index / points)
  const probability = (theta: number) =>
    rejectionProbability(boundary, first.trials, Math.sin(theta) ** 2)

  const inner = Array.from({ length: points - 1 }, (_, index) => index + 1)
  const values = [0, ...inner.map((index) => probability(angle(index))), 0]
  const peaks = inner
    .filter((i) => values[i]! >= values[i - 1]! && values[i]! >= values[i + 1]!)
    .sort((a, b) => values[b]! - values[a]!)
    .slice(0, 3)
  const refined = peaks.map((i) => refine(probability, angle(i - 1), angle(i + 1)))
  return Math.min(1, Math.max(...refined))
}

/**
 * Boschloo's exact test of two independent proportions: Fisher's p-value as the statistic, its
 * probability maximised over the unknown common rate. Holds its level as Fisher's test does, and is
 * never less powerful; use it for small counts. Takes at most 20,000 trials in all.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts are out of range, `LIMIT_EXCEEDED` where
 * there are too many.
 *
 * Source: Boschloo (1970), Raised conditional level of significance for the 2 × 2 table when testing the
 * equality of two probabilities.
 */
export function boschlooTest(
  first: Proportion,
  second: Proportion,
  { alternative = 'two-sided' }: BoschlooTestOptions = {},
): TestResult {
  checkProportion(first)
  checkProportion(second)
  checkSize(first.trials + second.trials)
  checkAlternative(alternative)
  const sides = {
    greater: () => greaterPValue(first, second),
    less: () => greaterPValue(second, first),
    'two-sided': () =>
      Math.min(1, 2 * Math.min(greaterPValue(first, second), greaterPValue(second, first))),
  }
  return { pValue: sides[alternative](), alternative, method: 'boschloo exact' }
}
