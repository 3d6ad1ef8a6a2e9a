// Clusters: the pictures of one prompt are not independent.
export { clusteredBootstrapInterval } from './statistics/clustered/clustered-bootstrap-interval.js'
export { clusteredMeanInterval } from './statistics/clustered/clustered-mean-interval.js'
export { clusteredProportionInterval } from './statistics/clustered/clustered-proportion-interval.js'
export { deleteAGroup } from './statistics/clustered/delete-a-group.js'
export type { ClusterId } from './statistics/clustered/group-by-cluster.js'
export { jackknifeInterval } from './statistics/clustered/jackknife-interval.js'
// Rank correlation.
export { averageRanks } from './statistics/correlation/average-ranks.js'
export { kendall } from './statistics/correlation/kendall.js'
export { spearman } from './statistics/correlation/spearman.js'
// Distributions.
export { betaQuantile } from './statistics/distributions/beta-quantile.js'
export { normalCumulative } from './statistics/distributions/normal-cumulative.js'
export { normalQuantile } from './statistics/distributions/normal-quantile.js'
export { studentTQuantile } from './statistics/distributions/student-t-quantile.js'
// Tests of proportions.
export type { Alternative } from './statistics/hypothesis-tests/alternative.js'
export { binomialTest } from './statistics/hypothesis-tests/binomial-test.js'
export { boschlooTest } from './statistics/hypothesis-tests/boschloo-test.js'
export type { TestResult } from './statistics/hypothesis-tests/exact-test.js'
export { fisherExactTest } from './statistics/hypothesis-tests/fisher-exact-test.js'
export { mcnemarTest } from './statistics/hypothesis-tests/mcnemar-test.js'
// Intervals of proportions.
export { agrestiCaffoInterval } from './statistics/intervals/agresti-caffo-interval.js'
export { clopperPearsonInterval } from './statistics/intervals/clopper-pearson-interval.js'
export { jeffreysInterval } from './statistics/intervals/jeffreys-interval.js'
export { newcombeInterval } from './statistics/intervals/newcombe-interval.js'
export { quantileInterval } from './statistics/intervals/quantile-interval.js'
export { riskRatioInterval } from './statistics/intervals/risk-ratio-interval.js'
export { wilsonInterval } from './statistics/intervals/wilson-interval.js'
// Moments.
export { meanAndVariance } from './statistics/mean-and-variance.js'
// Many hypotheses.
export { benjaminiHochberg } from './statistics/multiplicity/benjamini-hochberg.js'
export { benjaminiYekutieli } from './statistics/multiplicity/benjamini-yekutieli.js'
export { eBenjaminiHochberg } from './statistics/multiplicity/e-benjamini-hochberg.js'
export { holm } from './statistics/multiplicity/holm.js'
export { twoStageBenjaminiHochberg } from './statistics/multiplicity/two-stage-benjamini-hochberg.js'
export type { Proportion } from './statistics/proportion.js'
// Looking early: anytime-valid tests.
export { createEProcess, type EProcess, updateEProcess } from './statistics/sequential/e-process.js'
// Special functions.
export { logBeta } from './statistics/special-functions/log-beta.js'
export { logGamma } from './statistics/special-functions/log-gamma.js'
export {
  type BetaTails,
  regularizedIncompleteBeta,
} from './statistics/special-functions/regularized-incomplete-beta.js'
