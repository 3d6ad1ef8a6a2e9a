import type { AuditMeta } from '../contracts/audit.js'
import type { Measure } from '../contracts/measure.js'
import { jackknifeInterval } from '../statistics/clustered/jackknife-interval.js'
import { measureOf } from './measure-of.js'

/** A figure over a whole set, and the same figure without each group of prompts in turn. */
export interface JackknifedMeasureOptions {
  readonly id: string
  readonly estimate: number
  /** One figure a group left out; none where nothing can be left out. */
  readonly leaveOneOut: readonly number[]
  readonly n: number
  readonly missing: number
  readonly level: number
  /** Smallest and largest possible value; the interval does not leave them. */
  readonly range: readonly [number, number]
}

/**
 * A set-level measure with its delete-a-group jackknife interval. Resampling with replacement would
 * copy pictures, which no measure that compares pictures with each other survives.
 */
export function jackknifedMeasure(
  meta: Pick<AuditMeta, 'measures'>,
  options: JackknifedMeasureOptions,
): Measure {
  const { id, estimate, leaveOneOut, n, missing, level, range } = options
  const interval =
    leaveOneOut.length === 0 ? null : jackknifeInterval({ estimate, leaveOneOut, level, range })
  const reason =
    interval === null
      ? 'No interval: there are fewer than two prompts, or leaving prompts out changes nothing.'
      : undefined
  return measureOf(meta, { id, value: estimate, n, missing, interval, reason })
}
