import type { Interval, Measure } from '@assay/core'
import { clusteredMeanInterval, clusteredProportionInterval } from '@assay/core/statistics'
import { absentMeasure, outputMeasure } from './output-measure.js'

interface ClusteredOptions {
  readonly id: string
  /** The cluster of each output. */
  readonly clusters: readonly string[]
  readonly missing: number
  readonly level: number
}

/** The mean of a value an output, with an interval that respects prompts. */
export function clusteredMean({
  values,
  range,
  ...options
}: ClusteredOptions & {
  readonly values: readonly number[]
  /** Smallest and largest possible value of one output. */
  readonly range: readonly [number, number]
}): Measure {
  const { clusters, level } = options
  return clusteredMeasure(values, options, () =>
    clusteredMeanInterval(values, clusters, { level, range }),
  )
}

/** The share of outputs of which something is true, with an interval that respects prompts. */
export function clusteredShare({
  outcomes,
  ...options
}: ClusteredOptions & { readonly outcomes: readonly boolean[] }): Measure {
  const { clusters, level } = options
  return clusteredMeasure(outcomes.map(Number), options, () =>
    clusteredProportionInterval(outcomes, clusters, { level }),
  )
}

function clusteredMeasure(
  values: readonly number[],
  { id, missing }: ClusteredOptions,
  makeInterval: () => Interval | null,
): Measure {
  const n = values.length
  if (n === 0) return absentMeasure(id, missing, 'No output could be measured.')
  const value = values.reduce((sum, each) => sum + each, 0) / n
  const interval = makeInterval()
  const reason =
    interval === null
      ? 'No interval: there are fewer than two prompts, or no spread between them.'
      : undefined
  return outputMeasure({ id, value, n, missing, interval, reason })
}
