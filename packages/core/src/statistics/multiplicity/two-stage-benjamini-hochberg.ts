import { checkOpenProbability } from '../check.js'
import { checkPValues } from './check-p-values.js'
import { stepUp } from './step-up.js'

/** A p-value that meets its bound exactly may miss it by the rounding of a product. */
const rounding = 1 + 1e-14

export interface TwoStageOptions {
  /** The false discovery rate that is aimed at, between 0 and 1; default 0.05. */
  readonly falseDiscoveryRate?: number
}

/**
 * Adjusted p-values of the two-stage Benjamini–Hochberg procedure, in input order. The first stage counts
 * the rejections at the wanted rate; what it leaves estimates the number of true null hypotheses, which
 * takes the place of m in the second. The adjusted values hold for that one rate only. An empty list
 * gives an empty list.
 *
 * As `fdr_tsbh` in statsmodels, both stages run at the rate itself, not at rate / (1 + rate), and where
 * the first stage rejects all or none the values are those of plain Benjamini–Hochberg.
 *
 * @throws `INVALID_ARGUMENT` or `NOT_FINITE` where a p-value is not from 0 to 1 or the rate not between.
 *
 * Source: Benjamini, Krieger and Yekutieli (2006), Adaptive linear step-up procedures that control the
 * false discovery rate, definition 6 without its correction of the rate.
 */
export function twoStageBenjaminiHochberg(
  pValues: readonly number[],
  { falseDiscoveryRate = 0.05 }: TwoStageOptions = {},
): number[] {
  checkPValues(pValues)
  checkOpenProbability(falseDiscoveryRate, 'The false discovery rate')
  const firstStage = stepUp(pValues, pValues.length)
  const left = firstStage.filter((adjusted) => adjusted > falseDiscoveryRate * rounding).length
  return left === 0 ? firstStage : stepUp(pValues, left)
}
