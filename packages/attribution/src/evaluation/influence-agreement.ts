import { AssayError, type Interval } from '@assay/core'
import {
  type ClusterId,
  clusteredMeanInterval,
  meanAndVariance,
  spearman,
} from '@assay/core/statistics'
import { pearson } from './pearson.js'
import { noInterval } from './summarise-retrieval.js'

/** One output: influence as a method gives it, and as it truly was. */
export interface JudgedInfluence {
  /** Influence of each training picture that the output's model knew, none left out. */
  readonly influence: ArrayLike<number>
  /** Its true share, as a generator tells it whose formula holds its training pictures. */
  readonly truth: ArrayLike<number>
  /** Outputs of one cluster are not independent, for instance those of one model. Default: each by itself */
  readonly cluster?: ClusterId
}

/** The correlation of influence and truth within outputs, averaged over them. */
export interface MeanCorrelation {
  /** Mean over outputs, in [-1, 1]; null where no output has one. */
  readonly value: number | null
  readonly interval: Interval | null
  readonly reason?: string
  /** One an output; null where all its influences or all its truths are equal. */
  readonly perOutput: readonly (number | null)[]
  readonly n: number
  readonly missing: number
}

/** How well influence agrees with the truth. */
export interface InfluenceAgreement {
  /** Of the sizes. */
  readonly pearson: MeanCorrelation
  /** Of the order, ties sharing their mean rank. */
  readonly spearman: MeanCorrelation
}

/**
 * How soft influence agrees with the exact truth: for each output the correlation over training
 * pictures, its mean over outputs and a clustered interval.
 *
 * @param options.level confidence level. Default: 0.95
 * @throws AssayError `EMPTY_INPUT` (no output, or one without pictures), `SHAPE_MISMATCH` (lists of two
 *   lengths), `NOT_FINITE`
 */
export function influenceAgreement(
  outputs: readonly JudgedInfluence[],
  { level = 0.95 }: { readonly level?: number } = {},
): InfluenceAgreement {
  if (outputs.length === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There are no outputs to judge.',
      value: 0,
      remedy: 'Give at least one output with influences and true shares.',
    })
  }
  const clusters = outputs.map(({ cluster }, output) => cluster ?? `output ${output}`)
  const mean = (correlate: typeof spearman): MeanCorrelation => {
    const perOutput = outputs.map(({ influence, truth }) => correlate(influence, truth))
    return meanCorrelation(perOutput, clusters, level)
  }
  return { pearson: mean(pearson), spearman: mean(spearman) }
}

function meanCorrelation(
  perOutput: readonly (number | null)[],
  clusters: readonly ClusterId[],
  level: number,
): MeanCorrelation {
  const known = perOutput.flatMap((value, output) =>
    value === null ? [] : [{ value, cluster: clusters[output]! }],
  )
  const counts = { perOutput, n: known.length, missing: perOutput.length - known.length }
  if (known.length === 0) {
    const reason = 'In no output do both influence and truth differ between pictures.'
    return { value: null, interval: null, reason, ...counts }
  }
  const values = known.map(({ value }) => value)
  const own = known.map(({ cluster }) => cluster)
  const interval = clusteredMeanInterval(values, own, { level, range: [-1, 1] })
  const { mean: value } = meanAndVariance(values)
  return { value, interval, ...(interval === null && { reason: noInterval }), ...counts }
}
