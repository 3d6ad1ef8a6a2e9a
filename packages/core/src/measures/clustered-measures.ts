import type { AuditMeta } from '../contracts/audit.js'
import type { Interval, Measure } from '../contracts/measure.js'
import { clusteredMeanInterval } from '../statistics/clustered/clustered-mean-interval.js'
import { clusteredProportionInterval } from '../statistics/clustered/clustered-proportion-interval.js'
import { clusteredQuantile } from '../statistics/clustered/clustered-quantile.js'
import { absentMeasure, measureOf } from './measure-of.js'

/** What a mean or share over outputs is made from. */
export interface ClusteredMeasureOptions {
  readonly id: string
  /** The cluster of each output, see {@link promptClusters}. */
  readonly clusters: readonly string[]
  /** Outputs that could not be measured. */
  readonly missing: number
  /** Confidence level of the interval in (0, 1). */
  readonly level: number
}

/** The mean of a value an output, with an interval that respects prompts. */
export function clusteredMean(
  meta: Pick<AuditMeta, 'measures'>,
  options: ClusteredMeasureOptions & {
    readonly values: readonly number[]
    /** Smallest and largest possible value of one output. */
    readonly range: readonly [number, number]
  },
): Measure {
  const { values, clusters, level, range } = options
  return clusteredMeasure(meta, options, {
    values,
    interval: () => clusteredMeanInterval(values, clusters, { level, range }),
  })
}

/** The share of outputs of which something is true, with an interval that respects prompts. */
export function clusteredShare(
  meta: Pick<AuditMeta, 'measures'>,
  options: ClusteredMeasureOptions & { readonly outcomes: readonly boolean[] },
): Measure {
  const { outcomes, clusters, level } = options
  return clusteredMeasure(meta, options, {
    values: outcomes.map(Number),
    interval: () => clusteredProportionInterval(outcomes, clusters, { level }),
  })
}

/** The value that a share of the outputs does not exceed, with an interval that respects prompts. */
export function clusteredQuantileMeasure(
  meta: Pick<AuditMeta, 'measures'>,
  options: ClusteredMeasureOptions & {
    readonly values: readonly number[]
    /** The share, in (0, 1). */
    readonly quantile: number
    /** Smallest and largest possible value of one output. */
    readonly range: readonly [number, number]
  },
): Measure {
  const { id, missing, values, clusters, quantile, level, range } = options
  const n = values.length
  if (n === 0) return nothingMeasured(meta, options)
  const { estimate, interval } = clusteredQuantile(values, clusters, { quantile, level, range })
  const reason =
    interval === null ? 'No interval: there are too few prompts to bound it.' : undefined
  return measureOf(meta, { id, value: estimate, n, missing, interval, reason })
}

const nothingMeasured = (
  meta: Pick<AuditMeta, 'measures'>,
  { id, missing }: Pick<ClusteredMeasureOptions, 'id' | 'missing'>,
): Measure => absentMeasure(meta, { id, missing, reason: 'No output could be measured.' })

function clusteredMeasure(
  meta: Pick<AuditMeta, 'measures'>,
  { id, missing }: ClusteredMeasureOptions,
  made: { readonly values: readonly number[]; readonly interval: () => Interval | null },
): Measure {
  const n = made.values.length
  if (n === 0) return nothingMeasured(meta, { id, missing })
  const value = made.values.reduce((sum, each) => sum + each, 0) / n
  const interval = made.interval()
  const reason =
    interval === null
      ? 'No interval: there are fewer than two prompts, or no spread between them.'
      : undefined
  return measureOf(meta, { id, value, n, missing, interval, reason })
}
