import { collectFeatures, type FeatureSource, type TunedModel } from '@assay/attribution'
import {
  type FitAttributionHeadOptions,
  type FittedAttributionHead,
  fitAttributionHead,
  splitHeldOut,
} from '@assay/attribution/train'
import type { Matrix } from '@assay/core'
import type { CommandSession } from '../command-session.js'
import { type ExemplarSet, modelsOf } from './exemplar-set.js'

/** What a head learns from, and how. */
export interface TuneHeadOptions
  extends Pick<FitAttributionHeadOptions, 'form' | 'shared' | 'epochs' | 'learningRate' | 'seed'> {
  /** Splits to learn from, by the beginning of their names. */
  readonly train: string
  /** Splits whose models, none of them learned from, help to choose the head. */
  readonly validate: string
}

/** Share of the prompts of the training models that help to choose the head. */
const PROMPT_SHARE = 0.1
/** Pictures of the pool that exemplars are told from while training; those of one memory. */
const MOST_POOL_ROWS = 50_000

/**
 * Trains a head on the models of a set, and keeps the one that finds best the exemplars of other models,
 * and of its own models by prompts that it did not learn from.
 */
export async function tuneHead(
  set: ExemplarSet,
  { train, validate, ...options }: TuneHeadOptions,
  session: CommandSession,
): Promise<FittedAttributionHead> {
  const { engine, progress, signal } = session
  const promptOf = promptsOf(set.synth)
  const { training, heldOut } = splitHeldOut({
    models: modelsOf(set, train),
    promptOf: (query) => promptOf(String(query)),
    modelShare: 0,
    promptShare: PROMPT_SHARE,
    ...(options.seed !== undefined && { seed: options.seed }),
  })
  const pool = await poolSample(set.pool, signal)
  return fitAttributionHead({
    ...options,
    engine,
    exemplars: await collectFeatures(set.exemplars, { signal }),
    queries: await collectFeatures(set.synth, { signal }),
    models: training,
    validation: {
      sets: heldOutSets(heldOut.prompts, modelsOf(set, validate)),
      ...(pool && { pool }),
    },
    progress,
    signal,
  })
}

function heldOutSets(
  prompts: readonly TunedModel[],
  exemplars: readonly TunedModel[],
): Readonly<Record<string, readonly TunedModel[]>> {
  return prompts.length > 0 ? { prompts, exemplars } : { exemplars }
}

/** The prompt of a picture by its id; where nobody tells prompts, each picture has one of its own. */
function promptsOf({ ids, groups }: FeatureSource): (id: string) => string {
  const labels = groups.get('prompt')
  const prompts = new Map(ids?.map((id, row) => [id, labels?.[row] ?? id]))
  return (id) => prompts.get(id) ?? id
}

/** The pool where it fits into memory. */
async function poolSample(pool: FeatureSource, signal: AbortSignal): Promise<Matrix | null> {
  return pool.rows <= MOST_POOL_ROWS ? collectFeatures(pool, { signal }) : null
}
