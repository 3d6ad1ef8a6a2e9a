import { checkCount } from '../check.js'
import { binomialDistribution } from '../distributions/binomial-distribution.js'
import { type ExactTestOptions, exactPValue, type TestResult } from './exact-test.js'

/** The pairs in which the two disagree; pairs in which they agree say nothing about a difference. */
export interface DiscordantPairs {
  /** Pairs in which only the first succeeds. */
  readonly onlyFirst: number
  /** Pairs in which only the second succeeds. */
  readonly onlySecond: number
}

/**
 * McNemar's exact test of two proportions measured on the same items, for instance of two models on the
 * same pictures. Without a discordant pair the p-value is 1.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where a count is no whole number of at least 0.
 *
 * Source: McNemar (1947), Note on the sampling error of the difference between correlated proportions;
 * Fagerland, Lydersen and Laake (2013), The McNemar test for binary matched-pairs data (mid-p).
 */
export function mcnemarTest(
  { onlyFirst, onlySecond }: DiscordantPairs,
  { alternative = 'two-sided', midP = false }: ExactTestOptions = {},
): TestResult {
  checkCount(onlyFirst, 'The number of pairs in which only the first succeeds')
  checkCount(onlySecond, 'The number of pairs in which only the second succeeds')
  const distribution = binomialDistribution(onlyFirst + onlySecond, 0.5)
  const pValue = exactPValue(distribution, onlyFirst, { alternative, midP })
  return { pValue, alternative, method: midP ? 'mcnemar exact, mid-p' : 'mcnemar exact' }
}
