import type { Interval, MeasureMeta } from '@assay/core'
import { clusteredQuantileMeasure } from '@assay/core/measures'
import {
  clusteredProportionInterval,
  quantileInterval,
  wilsonInterval,
} from '@assay/core/statistics'

/** Distances, and the cluster of each; null where each was drawn by itself. */
export interface DrawnDistances {
  readonly distances: Float64Array
  readonly clusters: readonly string[] | null
}

/** The interval of a quantile, or the reason why there is none. */
export interface QuantileBounds {
  readonly interval: Interval | null
  readonly reason?: string
}

/** Where the quantile of distances lies that a radius was taken from; null for one that was given. */
export function quantileBounds(
  { distances, clusters }: DrawnDistances,
  { quantile, level }: { readonly quantile: number | null; readonly level: number },
): QuantileBounds {
  if (quantile === null) return { interval: null, reason: 'The radius was given, not estimated.' }
  const interval =
    clusters === null
      ? quantileInterval(distances, { quantile, level })
      : clusteredInterval(distances, { clusters, quantile, level })
  if (interval !== null) return { interval }
  const drawn =
    clusters === null
      ? `${distances.length} independent distances`
      : `${distances.length} distances of ${new Set(clusters).size} prompts`
  return { interval, reason: `${drawn} are too few for an interval of this quantile.` }
}

const radius: MeasureMeta = {
  id: 'radius',
  title: 'Radius',
  description: 'Distance to the nearest protected picture.',
  unit: 'distance',
  range: [0, null],
  higherIsBetter: null,
}

const clusteredInterval = (
  distances: Float64Array,
  settings: {
    readonly clusters: readonly string[]
    readonly quantile: number
    readonly level: number
  },
): Interval | null =>
  clusteredQuantileMeasure(
    { measures: [radius] },
    {
      ...{
        id: radius.id,
        missing: 0,
        values: [...distances],
        range: [0, Number.POSITIVE_INFINITY],
      },
      ...settings,
    },
  ).interval

/** Where the share of outcomes lies that are true; null for a single cluster. */
export function shareBounds(
  outcomes: readonly boolean[],
  { clusters, level }: { readonly clusters: readonly string[] | null; readonly level: number },
): Interval | null {
  if (clusters !== null) {
    return clusteredProportionInterval(outcomes, clusters, { level, form: 'wilson' })
  }
  const successes = outcomes.filter(Boolean).length
  return wilsonInterval({ successes, trials: outcomes.length }, { level })
}
