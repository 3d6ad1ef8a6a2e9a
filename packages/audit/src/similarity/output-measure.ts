import type { Interval, Measure } from '@assay/core'
import { similarityMeta } from './similarity-meta.js'

/** What a measure is made from; see {@link Measure}. */
export interface OutputMeasureOptions {
  readonly id: string
  readonly value: number | null
  readonly n: number
  readonly missing: number
  readonly interval: Interval | null
  /** Why value or interval is null. */
  readonly reason?: string | undefined
}

/** A measure of the similarity audit, its unit taken from the audit's meta. */
export function outputMeasure(options: OutputMeasureOptions): Measure {
  const { id, value, n, missing, interval, reason } = options
  const unit = similarityMeta.measures.find((meta) => meta.id === id)?.unit ?? ''
  const byPrompt = interval && { ...interval, method: `${interval.method}, by prompt` }
  return {
    id,
    value,
    unit,
    n,
    missing,
    interval: byPrompt,
    ...(reason !== undefined && { reason }),
  }
}

/** A measure that could not be made. */
export function absentMeasure(id: string, missing: number, reason: string): Measure {
  return outputMeasure({ id, value: null, n: 0, missing, interval: null, reason })
}
