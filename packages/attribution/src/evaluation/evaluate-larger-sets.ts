import { AssayError, createRandom } from '@assay/core'
import { type EvaluateExemplarsOptions, evaluateExemplars } from './evaluate-exemplars.js'
import type { ExemplarEvaluation, RetrievalRow } from './exemplar-evaluation.js'
import { sampleFeatures } from './sample-features.js'
import { summariseRetrieval } from './summarise-retrieval.js'

/** A test of models with exemplar sets of several sizes, among pools of several sizes. */
export interface EvaluateLargerSetsOptions extends Omit<EvaluateExemplarsOptions, 'duplicates'> {
  /** How many pictures of the pool take part; `all` for the whole. Default: 1,000, 10,000 and all */
  readonly poolSizes?: readonly (number | 'all')[]
  /** Exemplar-set sizes that are reported; others are left out. Default: all that the models have */
  readonly exemplarCounts?: readonly number[]
  /** The k of recall@k and hit@k. Default: 10 */
  readonly cutoffs?: readonly number[]
  /** Which pictures of the pool take part. A smaller sample is part of every larger one. Default: 0 */
  readonly seed?: number | string
}

/** Figures by the size of the exemplar set, among one number of others. */
export interface LargerSetsResult {
  readonly poolSize: number
  /** One row for each exemplar-set size (`group.exemplars`), and one for all. */
  readonly table: readonly RetrievalRow[]
  /** As `evaluateExemplars` gives it, for comparisons. */
  readonly evaluation: ExemplarEvaluation
}

/**
 * Recall@10 and mean average precision against the size of the exemplar set and of the pool: whether a
 * method still finds the exemplars where each has less influence, and among more others. Pool sizes
 * beyond the pool are left out.
 *
 * @throws AssayError `INVALID_ARGUMENT` (a size that is no whole number of at least 1; no model has one of
 *   the exemplar counts), and as `evaluateExemplars` does
 */
export async function evaluateLargerSets(
  options: EvaluateLargerSetsOptions,
): Promise<LargerSetsResult[]> {
  const { pool, cutoffs = [10], poolSizes = [1_000, 10_000, 'all'], seed = 0, level } = options
  const models = modelsOf(options)
  const sizes = poolSizes.map((size) => (size === 'all' ? pool.rows : size))
  for (const size of [...sizes, ...(options.exemplarCounts ?? [])]) assertSize(size)
  const order = createRandom(seed).shuffle(Array.from({ length: pool.rows }, (_, row) => row))
  const distinct = [...new Set(sizes)].filter((size) => size <= pool.rows)
  const results: LargerSetsResult[] = []
  for (const size of distinct.sort((a, b) => a - b)) {
    const rows = order.slice(0, size).sort((a, b) => a - b)
    const evaluation = await evaluateExemplars({
      ...options,
      models,
      cutoffs,
      pool: size === pool.rows ? pool : sampleFeatures(pool, rows),
    })
    const { queries } = evaluation
    const bySize = [...queries].sort((a, b) => a.ranks.length - b.ranks.length)
    const table = summariseRetrieval({
      queries: bySize,
      cutoffs,
      by: ['exemplars'],
      ...(level !== undefined && { level }),
    })
    results.push({ poolSize: evaluation.poolSize, table, evaluation })
  }
  return results
}

function modelsOf({ models, exemplarCounts }: EvaluateLargerSetsOptions) {
  const reported = models.filter(
    ({ exemplars }) => exemplarCounts?.includes(exemplars.length) ?? true,
  )
  if (reported.length > 0) return reported
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `No model has one of the exemplar counts ${exemplarCounts?.join(', ')}.`,
    value: exemplarCounts,
    remedy: 'Name sizes that models have, or none for all.',
  })
}

function assertSize(size: number): void {
  if (Number.isSafeInteger(size) && size >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A set cannot have ${size} pictures.`,
    value: size,
    remedy: 'Pass whole numbers of at least 1.',
  })
}
