import { hypergeometricDistribution } from '../distributions/hypergeometric-distribution.js'
import { checkProportion, type Proportion } from '../proportion.js'
import { type ExactTestOptions, exactPValue, type TestResult } from './exact-test.js'

/**
 * Fisher's exact test of two independent proportions, given the margins of their table. The two-sided
 * p-value sums all tables that are not more likely than the one seen. Keeps eight digits and more down
 * to 1e-300, with tables of ten million too.
 *
 * @param first For instance the failures under a hypothesis, `{ successes: 12, trials: 50 }`.
 * @param second For instance the failures under the base prompt.
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where the counts are out of range.
 *
 * Source: Fisher (1935), The logic of inductive inference; mid-p after Lancaster (1961), Significance
 * tests in discrete distributions.
 */
export function fisherExactTest(
  first: Proportion,
  second: Proportion,
  { alternative = 'two-sided', midP = false }: ExactTestOptions = {},
): TestResult {
  checkProportion(first)
  checkProportion(second)
  const distribution = hypergeometricDistribution({
    draws: first.trials,
    marked: first.successes + second.successes,
    population: first.trials + second.trials,
  })
  const pValue = exactPValue(distribution, first.successes, { alternative, midP })
  return { pValue, alternative, method: midP ? 'fisher exact, mid-p' : 'fisher exact' }
}
