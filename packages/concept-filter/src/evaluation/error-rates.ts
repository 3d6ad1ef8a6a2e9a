import type { Measure } from '@assay/core'
import { assertSameLength } from '../measures/assert-same-length.js'
import { shareMeasure } from '../measures/share-measure.js'
import type { JudgedOptions } from './clip-accuracy.js'
import { assertJudgement, type Judgement, verdictsOf } from './judgement.js'

/** What a filter decided on pictures, and what they truly show. */
export interface JudgedDecisions extends JudgedOptions {
  /** Whether each picture was flagged; null where the filter failed. */
  readonly flagged: readonly (boolean | null)[]
  /** What the pictures show, as they were drawn. */
  readonly truth: Judgement
}

/**
 * The share of truly unacceptable pictures that pass. Pictures that are not unacceptable do not count;
 * those without a decision or a verdict are missing. Lower is better.
 *
 * @throws AssayError `MISSING_INPUT` without a judge, `SHAPE_MISMATCH`, `INVALID_ARGUMENT`
 *
 * Source: Espresso (2024), the metrics of the comparison of filters.
 */
export function falseNegativeRate(options: JudgedDecisions): Measure {
  return errorRate(options, true)
}

/**
 * The share of truly acceptable pictures that are flagged. Lower is better.
 *
 * @throws AssayError as {@link falseNegativeRate}
 */
export function falsePositiveRate(options: JudgedDecisions): Measure {
  return errorRate(options, false)
}

/** @param unacceptable which pictures count */
function errorRate(options: JudgedDecisions, unacceptable: boolean): Measure {
  const { flagged, truth, prompts, level, group } = options
  const id = unacceptable ? 'false-negative-rate' : 'false-positive-rate'
  assertJudgement(truth, `the ${id}`)
  assertSameLength(flagged.length, { prompts, 'confidences of the judge': truth.confidences })
  const verdicts = verdictsOf(truth)
  const at = verdicts.flatMap((verdict, index) =>
    verdict === null || verdict === unacceptable ? [index] : [],
  )
  return shareMeasure({
    id,
    ...(group !== undefined && { group }),
    outcomes: at.map((index) => {
      const decision = flagged[index] ?? null
      return verdicts[index] === null || decision === null ? null : decision !== unacceptable
    }),
    clusters: prompts && at.map((index) => prompts[index] ?? index),
    level,
    ofNone: `the judge calls no picture ${unacceptable ? 'unacceptable' : 'acceptable'}`,
  })
}
