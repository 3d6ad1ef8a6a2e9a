import { checkOpenProbability } from '../check.js'
import { binomialDistribution } from '../distributions/binomial-distribution.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type ExactTestOptions, exactPValue, type TestResult } from './exact-test.js'

/**
 * The exact binomial test of a proportion against a fixed probability. The two-sided p-value sums all
 * outcomes that are not more likely than the one seen.
 *
 * @param nullProbability A number between 0 and 1, neither of them.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts or the probability are out of range.
 *
 * Source: Clopper and Pearson (1934); mid-p after Lancaster (1961).
 */
export function binomialTest(
  proportion: Proportion,
  nullProbability: number,
  { alternative = 'two-sided', midP = false }: ExactTestOptions = {},
): TestResult {
  checkProportion(proportion)
  checkOpenProbability(nullProbability, 'The null probability')
  const distribution = binomialDistribution(proportion.trials, nullProbability)
  const pValue = exactPValue(distribution, proportion.successes, { alternative, midP })
  return { pValue, alternative, method: midP ? 'binomial exact, mid-p' : 'binomial exact' }
}
