import type { Measure } from '@assay/core'
import { jackknifeInterval } from '@assay/core/statistics'
import { outputMeasure } from './output-measure.js'

/** A figure over a whole set, and the same figure without each group of prompts in turn. */
export interface JackknifedMeasureOptions {
  readonly id: string
  readonly estimate: number
  /** One figure a group left out. */
  readonly withoutGroups: readonly number[]
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
export function jackknifedMeasure(options: JackknifedMeasureOptions): Measure {
  const { id, estimate, withoutGroups, n, missing, level, range } = options
  const absent = (reason: string) =>
    outputMeasure({ id, value: estimate, n, missing, interval: null, reason })
  if (withoutGroups.length < 2) return absent('Fewer than two prompts: nothing can be left out.')
  if (withoutGroups.every((each) => each === estimate)) {
    return absent('Leaving prompts out changes nothing, so no interval can be made.')
  }
  const { low, high, ...rest } = jackknifeInterval({ estimate, withoutGroups, level })
  const interval = { ...rest, low: Math.max(range[0], low), high: Math.min(range[1], high) }
  return outputMeasure({ id, value: estimate, n, missing, interval })
}
