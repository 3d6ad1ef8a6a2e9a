import type { Measure } from '@assay/core'
import { clusteredMeanInterval, clusteredProportionInterval } from '@assay/core/statistics'
import { absentMeasure, outputMeasure } from './output-measure.js'

/** Values of single outputs, with what their interval needs. */
export interface ClusteredMeasureOptions {
  readonly id: string
  /** One value an output. */
  readonly values: readonly number[]
  /** The cluster of each value. */
  readonly clusters: readonly string[]
  readonly missing: number
  readonly level: number
}

const FEW_CLUSTERS = 'Fewer than two prompts: nothing is known about how prompts differ.'

/** The mean of per-output values, with an interval that respects prompts. */
export function clusteredMean(options: ClusteredMeasureOptions): Measure {
  return clusteredMeasure(options, clusteredMeanInterval)
}

/** The share of outputs whose value is 1 (others are 0), with an interval that respects prompts. */
export function clusteredShare(options: ClusteredMeasureOptions): Measure {
  return clusteredMeasure(options, clusteredProportionInterval)
}

function clusteredMeasure(
  { id, values, clusters, missing, level }: ClusteredMeasureOptions,
  makeInterval: typeof clusteredMeanInterval,
): Measure {
  const n = values.length
  if (n === 0) return absentMeasure(id, missing, 'No output could be measured.')
  const value = values.reduce((sum, each) => sum + each, 0) / n
  const interval = makeInterval({ values, clusters, level })
  return outputMeasure({
    id,
    value,
    n,
    missing,
    interval,
    ...(interval === null && { reason: FEW_CLUSTERS }),
  })
}
