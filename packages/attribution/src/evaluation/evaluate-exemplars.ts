import { AssayError, assertComparable, type Progress } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'
import type { AttributionHead } from '../head/attribution-head.js'
import { headPrefix } from '../head/mapped-fingerprint.js'
import { featureMapping, gatherRows, isMapped } from '../scores/unit-rows.js'
import type { EvaluationWarning, ExemplarEvaluation, ExemplarRanks } from './exemplar-evaluation.js'
import { type DuplicateOptions, gatherDuplicates } from './pool-duplicates.js'
import { type RankedQueries, rankExemplars } from './rank-exemplars.js'
import { type ResolvedModels, resolveModels } from './resolve-models.js'
import type { RowProduct } from './row-product.js'
import { paperCutoffs, summariseRetrieval } from './summarise-retrieval.js'
import type { TunedModel } from './tuned-model.js'

/** An exemplar test: whose pictures are asked for, and among which others they must be found. */
export interface EvaluateExemplarsOptions {
  /** Features of the other training pictures. Exemplars in it, by their id, are left out for all. */
  readonly pool: FeatureSource
  /** Features of the exemplars of all models. */
  readonly exemplars: FeatureSource
  /** Features of the pictures that the models drew, in one view. */
  readonly queries: FeatureSource
  /** Which exemplars and queries belong together. */
  readonly models: readonly TunedModel[]
  /**
   * Applied to features: `real` to pool and exemplars, `synthetic` to queries, unless that side has
   * mapped them already. Runs on the calling thread: map a large pool once, by `openHead`. Default: none
   */
  readonly head?: AttributionHead | null
  /** The k of recall@k and hit@k. Default: 5, 10, 100 */
  readonly cutoffs?: readonly number[]
  /** Where an exemplar stands among others of exactly its score. Default: `pessimistic`, behind all. */
  readonly ties?: 'pessimistic' | 'expected'
  /** What becomes of pictures of the pool that show what an exemplar shows. Default: they are others. */
  readonly duplicates?: DuplicateOptions
  /** Confidence level of the intervals. Default: 0.95 */
  readonly level?: number
  /** Computes inner products, for instance by an engine; the ranks stay the same. Default: here */
  readonly product?: RowProduct
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/**
 * The exemplar protocol: for each picture that a customised model drew, ranks the model's own exemplars
 * among the pool by cosine (exemplars of other models are not in it) and reports recall@k, hit@k and mean
 * average precision by split and prompt type, each with its ceiling, its chance level and an interval
 * clustered by model. The pool is read once, block by block; nothing is sorted.
 *
 * @throws AssayError `EMPTY_INPUT`, `DUPLICATE_ID`, `INVALID_ARGUMENT`, `SHAPE_MISMATCH`,
 *   `FINGERPRINT_MISMATCH` or `NORMALIZATION_MISMATCH` for inputs that do not fit, `NOT_FINITE` with the
 *   id of the row, `ABORTED`
 *
 * Source: Wang et al. (2023), Evaluating Data Attribution for Text-to-Image Models, section 5.
 */
export async function evaluateExemplars(
  options: EvaluateExemplarsOptions,
): Promise<ExemplarEvaluation> {
  const { pool, queries, cutoffs = paperCutoffs, ties = 'pessimistic', head = null } = options
  assertOptions(options)
  const resolved = resolveModels(options)
  const mapReal = featureMapping(head, 'real')
  const { signal } = options
  const exemplarRows = await gatherRows({ source: options.exemplars, map: mapReal, signal })
  const queryRows = await gatherRows({
    source: queries,
    map: featureMapping(head, 'synthetic'),
    signal,
  })
  const leftOut = exemplarsInPool(options)
  const duplicates = await gatherDuplicates({ ...options, leftOut, map: mapReal })
  const ranked = await rankExemplars({
    ...options,
    ...resolved,
    ...{ exemplarRows, queryRows: queryRows.first, mapPool: mapReal, leftOut, duplicates, ties },
  })
  const ranks = describeQueries(resolved, ranked, queries)
  const zeroRows = exemplarRows.zeroRows + queryRows.zeroRows + ranked.zeroRows
  return {
    table: summariseRetrieval({ ...options, queries: ranks }),
    queries: ranks,
    cutoffs,
    poolSize: pool.rows - leftOut.size,
    warnings: warningsOf({ zeroRows, leftOut: leftOut.size, cutoffs, ranks }),
  }
}

function describeQueries(
  { models, queries }: ResolvedModels,
  ranked: RankedQueries,
  { ids }: FeatureSource,
): ExemplarRanks[] {
  return queries.map(({ row, model, promptType }, number) => {
    const { id, split = 'all', cluster = id } = models[model]!.model
    const name = ids?.[row] ?? String(row)
    return { id: name, model: id, split, promptType, cluster, ...ranked.queries[number]! }
  })
}

/** Rows of the pool that are exemplars themselves. */
function exemplarsInPool({ pool, exemplars }: EvaluateExemplarsOptions): Set<number> {
  const names = new Set(exemplars.ids)
  const rows = (pool.ids ?? []).flatMap((id, row) => (names.has(id) ? [row] : []))
  return new Set(rows)
}

function assertOptions(options: EvaluateExemplarsOptions): void {
  const { pool, exemplars, queries, head = null, cutoffs = paperCutoffs } = options
  const sides = [
    { source: pool, side: 'real' },
    { source: exemplars, side: 'real' },
    { source: queries, side: 'synthetic' },
  ] as const
  const raw = sides.filter(({ source, side }) => !head || !isMapped(source, head, side))
  for (const { source } of raw) assertNotMapped(source)
  for (const one of raw) for (const other of raw) assertComparable(one.source, other.source)
  if (queries.mirrored) {
    throw invalid('The queries have a second view.', 'Give queries in one view.', true)
  }
  if (pool.mirrored !== exemplars.mirrored) {
    throw invalid(
      'Only one of pool and exemplars has a second view, which would favour it.',
      'Give both with the features of the mirrored pictures, or neither.',
      [pool.mirrored, exemplars.mirrored],
    )
  }
  if (cutoffs.length === 0) {
    throw invalid(
      'There is no k to take recall at.',
      'Pass at least one cutoff, or none for 5, 10, 100.',
      cutoffs,
    )
  }
}

/** Of features without a known space, those that a head has mapped could not be told. */
function assertNotMapped({ fingerprint }: FeatureSource): void {
  if (!fingerprint?.startsWith(headPrefix)) return
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `The features of ${fingerprint} were mapped by a head that is not given, or by its other side.`,
    value: fingerprint,
    remedy:
      'Pass the head, with pool and exemplars by its real side and queries by its synthetic one.',
  })
}

const invalid = (message: string, remedy: string, value: unknown) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

function warningsOf(found: {
  readonly zeroRows: number
  readonly leftOut: number
  readonly cutoffs: readonly number[]
  readonly ranks: readonly ExemplarRanks[]
}): EvaluationWarning[] {
  const { zeroRows, leftOut, cutoffs, ranks } = found
  const largest = cutoffs.reduce((a, b) => Math.max(a, b))
  const small = ranks.filter(({ ranks: own, others }) => own.length + others < largest).length
  const warnings = [
    {
      code: 'ZERO_VECTOR',
      count: zeroRows,
      message: 'Rows without direction: their score with everything is 0.',
    },
    {
      code: 'EXEMPLAR_IN_POOL',
      count: leftOut,
      message: 'Pictures of the pool that are exemplars by their id: left out for every query.',
    },
    {
      code: 'CUTOFF_BEYOND_POOL',
      count: small,
      message: `Queries with fewer pictures to rank than the largest cutoff, ${largest}: recall is 1 there.`,
    },
  ]
  return warnings.filter(({ count }) => count > 0)
}
