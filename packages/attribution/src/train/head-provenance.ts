import type { Matrix } from '@assay/core'
import type { TunedModel } from '../evaluation/tuned-model.js'
import type { HeadProvenance } from '../head/attribution-head.js'
import { contentHash } from '../head/content-hash.js'
import type { FitAttributionHeadOptions, HeadEvaluation } from './fit-attribution-head-options.js'
import type { HeadSettings } from './head-settings.js'

/** Settings as a head's file holds them. */
export function provenanceOptions(settings: HeadSettings): HeadProvenance['options'] {
  const { mlp, seed: _, epochSteps: __, learningRate, poolRows, ...plain } = settings
  return {
    ...plain,
    learningRate: typeof learningRate === 'number' ? learningRate : 'a schedule',
    ...(settings.negatives === 'in-batch+pool' && { poolRows }),
    ...(settings.form === 'mlp' && {
      mlpHidden: mlp.hidden,
      mlpOutput: mlp.output,
      mlpLayers: mlp.layers,
    }),
  }
}

/** SHA-256 of what was learned from: features, and which model each picture belongs to. */
export async function dataHashes(
  { exemplars, queries, models, pool }: FitAttributionHeadOptions,
  { negatives }: HeadSettings,
): Promise<HeadProvenance['data']> {
  const hashOf = ({ data, columns, ids }: Matrix, rows: (model: TunedModel) => unknown) => {
    const owners = models.map((model) => [model.id, rows(model)])
    return contentHash([JSON.stringify({ columns, ids, owners }), data])
  }
  return {
    real: await hashOf(exemplars, (model) => model.exemplars),
    synthetic: await hashOf(queries, (model) => model.queries),
    pool:
      pool && negatives === 'in-batch+pool'
        ? await contentHash([JSON.stringify([pool.columns, pool.ids]), pool.data])
        : null,
  }
}

/** What chose a head, as its file holds it. */
export function provenanceValidation(
  evaluations: readonly HeadEvaluation[],
  step: number,
): HeadProvenance['validation'] {
  const before = evaluations[0]
  const after = evaluations.find((evaluation) => evaluation.step === step)
  if (!before || !after) return null
  const measure = 'mean average precision on held-out pictures'
  return { measure, before: before.meanAveragePrecision, after: after.meanAveragePrecision }
}
