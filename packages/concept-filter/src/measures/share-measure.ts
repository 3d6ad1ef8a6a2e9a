import type { Measure } from '@assay/core'
import { type ClusterId, clusteredProportionInterval, wilsonInterval } from '@assay/core/statistics'

/** What a share is worked out from. */
export interface ShareMeasureOptions {
  readonly id: string
  readonly group?: string
  /** Whether each picture is one; null for those that could not be judged. */
  readonly outcomes: readonly (boolean | null)[]
  /** The prompt of each picture, where several pictures share one. */
  readonly clusters?: readonly ClusterId[] | undefined
  /** Confidence level of the interval. Default: .95 */
  readonly level?: number | undefined
  /** Said where there is no picture to count. */
  readonly ofNone: string
}

/** A share of pictures with its Wilson interval, which widens where pictures share prompts. */
export function shareMeasure(options: ShareMeasureOptions): Measure {
  const { id, group, outcomes, clusters, level = 0.95, ofNone } = options
  const at = outcomes.flatMap((outcome, index) => (outcome === null ? [] : [index]))
  const known = at.map((index) => outcomes[index] === true)
  const successes = known.filter(Boolean).length
  const named = {
    id,
    ...(group !== undefined && { group }),
    unit: 'share',
    n: known.length,
    missing: outcomes.length - known.length,
  }
  if (known.length === 0) return { ...named, value: null, interval: null, reason: ofNone }
  const interval =
    clusters === undefined
      ? wilsonInterval({ successes, trials: known.length }, { level })
      : clusteredProportionInterval(
          known,
          at.map((index) => clusters[index] ?? index),
          { level, form: 'wilson' },
        )
  return {
    ...named,
    value: successes / known.length,
    interval,
    ...(interval === null && { reason: 'all pictures are of one prompt' }),
  }
}
