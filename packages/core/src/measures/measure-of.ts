import type { AuditMeta } from '../contracts/audit.js'
import type { Interval, Measure } from '../contracts/measure.js'

/** What a measure over the outputs of an audit is made from; see {@link Measure}. */
export interface MeasureOptions {
  readonly id: string
  readonly group?: string
  readonly value: number | null
  readonly n: number
  readonly missing: number
  /** An interval that treats pictures of one prompt as one cluster. */
  readonly interval: Interval | null
  /** Why value or interval is null. */
  readonly reason?: string | undefined
}

/** A measure of an audit, its unit taken from the audit's meta. */
export function measureOf(meta: Pick<AuditMeta, 'measures'>, options: MeasureOptions): Measure {
  const { id, group, value, n, missing, interval, reason } = options
  const unit = meta.measures.find((each) => each.id === id)?.unit ?? ''
  const byPrompt = interval && { ...interval, method: `${interval.method}, by prompt` }
  return {
    id,
    ...(group !== undefined && { group }),
    value,
    unit,
    n,
    missing,
    interval: byPrompt,
    ...(reason !== undefined && { reason }),
  }
}

/** A measure that could not be made. */
export function absentMeasure(
  meta: Pick<AuditMeta, 'measures'>,
  { id, missing, reason }: Pick<MeasureOptions, 'id' | 'missing'> & { readonly reason: string },
): Measure {
  return measureOf(meta, { id, value: null, n: 0, missing, interval: null, reason })
}
