import { assertComparable, type ItemFailure, type Progress, selectRows } from '@assay/core'
import { attribute } from '../attribute/attribute.js'
import { isIndex, type Pool, sizeOf } from '../attribute/pool.js'
import { resolveModels } from '../evaluation/resolve-models.js'
import type { TunedModel } from '../evaluation/tuned-model.js'
import { collectFeatures } from '../features/collect-features.js'
import type { FeatureSource } from '../features/feature-source.js'
import type { AttributionHead } from '../head/attribution-head.js'
import { scoreRows } from '../scores/score-rows.js'
import { featureMapping, gatherRows, selectUnitRows } from '../scores/unit-rows.js'
import type { CalibrationScores } from './calibration-scores.js'

/** What a calibration is to be fitted on or judged with. */
export interface CollectCalibrationScoresOptions {
  /** Customised models that no head was trained on. */
  readonly models: readonly TunedModel[]
  /** Features of the exemplars of all models. */
  readonly exemplars: FeatureSource
  /** Features of the pictures that the models drew. */
  readonly queries: FeatureSource
  /** Other training pictures, as `attribute` takes them. Exemplars in it, by their id, do not count. */
  readonly pool: Pool
  /** Default: null, features are only brought to unit length. */
  readonly head?: AttributionHead | null
  /** How many of the pool each query is compared with: those that score best. Default 300. */
  readonly others?: number
  readonly progress?: Progress | undefined
  readonly signal?: AbortSignal | undefined
}

/** Scores of queries with known exemplars. */
export interface CollectedScores {
  readonly queries: readonly CalibrationScores[]
  /** The cluster of each query: that of its model. */
  readonly clusters: readonly string[]
  /** The space of the mapped queries. */
  readonly fingerprint: string | null
  /** Queries that could not be judged, and are left out. */
  readonly failures: readonly ItemFailure[]
}

/**
 * Scores each picture that a customised model drew against the model's exemplars and the best of a
 * pool: what `fitCalibration` and `assessCalibration` take.
 *
 * @throws AssayError as `attribute` and `evaluateExemplars`
 */
export async function collectCalibrationScores(
  options: CollectCalibrationScoresOptions,
): Promise<CollectedScores> {
  const { exemplars, pool, head = null, others = 300, progress, signal } = options
  const { models, queries } = resolveModels(options)
  assertComparable(exemplars, options.queries)
  const all = await collectFeatures(options.queries, signal ? { signal } : {})
  const asked = selectRows(
    all,
    queries.map(({ row }) => row),
  )
  const leftOut = new Set(isIndex(pool) || pool.ids ? exemplars.ids : [])
  const k = Math.min(others + exemplarsIn(pool, leftOut), sizeOf(pool))
  const { attributions, fingerprint } = await attribute({
    ...{ queries: asked, pool, head, k, progress, signal },
  })
  const map = featureMapping(head, 'real')
  const exemplarRows = await gatherRows({ source: exemplars, map, signal })
  const matrix = featureMapping(head, 'synthetic')(asked)
  const scored = queries.flatMap(({ model }, row) => {
    const { matches, failure } = attributions[row]!
    if (failure) return []
    const { model: tuned, exemplarRows: rows } = models[model]!
    const own = scoreRows({ matrix, row }, selectUnitRows(exemplarRows, rows))
    const best = matches.filter(({ id }) => !leftOut.has(id)).slice(0, others)
    const scores = { exemplars: own, others: Float64Array.from(best, ({ score }) => score) }
    return [{ scores, cluster: tuned.cluster ?? tuned.id }]
  })
  return {
    queries: scored.map(({ scores }) => scores),
    clusters: scored.map(({ cluster }) => cluster),
    fingerprint,
    failures: attributions.flatMap(({ failure }) => failure ?? []),
  }
}

/** How many exemplars the pool may hold: an index does not tell its ids. */
function exemplarsIn(pool: Pool, exemplars: ReadonlySet<string>): number {
  if (isIndex(pool)) return exemplars.size
  return (pool.ids ?? []).filter((id) => exemplars.has(id)).length
}
