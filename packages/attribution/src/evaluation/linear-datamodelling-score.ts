import { createRandom, type Interval } from '@assay/core'
import type { RowVectors } from '@assay/core/linear-algebra'
import {
  type ClusterId,
  clusteredBootstrapInterval,
  meanAndVariance,
  spearman,
} from '@assay/core/statistics'
import { assertDatamodelling } from './assert-datamodelling.js'
import type { EvaluationWarning } from './exemplar-evaluation.js'

/** Scores, and what models trained on parts of the training set gave. */
export interface LinearDatamodellingOptions {
  /** A row a retrained model, a column a training picture: 1 where it was trained on it, else 0. */
  readonly masks: RowVectors
  /** A row a retrained model, a column a query: what it gave, averaged over seeds where there are any. */
  readonly outputs: RowVectors
  /** A row a query, a column a training picture. All of them: top-k exports lower the score. */
  readonly scores: RowVectors
  /**
   * Whether outputs grow with what scores stand for (`quantity`) or are losses, which a helpful picture
   * lowers (`loss`). Default: quantity
   */
  readonly outputsAre?: 'quantity' | 'loss'
  /** Queries of one cluster are not independent. Default: every query by itself */
  readonly clusters?: readonly ClusterId[]
  /** Confidence level. Default: 0.95 */
  readonly level?: number
  /** Seed of the bootstrap. Default: 0 */
  readonly seed?: number | string
}

/** How well scores predict what retraining gives. */
export interface LinearDatamodellingScore {
  /** Mean over queries, in [-1, 1]; null where no query has one. */
  readonly value: number | null
  /** Over queries, with these subsets; null where no honest interval exists. */
  readonly interval: Interval | null
  /** Why a value or an interval is missing. */
  readonly reason?: string
  /** One a query; null where all outputs or all predictions are equal. */
  readonly perQuery: readonly (number | null)[]
  readonly queries: number
  /** Queries without a value. */
  readonly missing: number
  /** Retrained models. */
  readonly subsets: number
  /** Standard deviation of one query's score under scores that say nothing: 1 / √(subsets − 1). */
  readonly noiseFloor: number
  readonly warnings: readonly EvaluationWarning[]
}

/**
 * The linear datamodelling score: for each query the rank correlation, over retrained models, of the
 * sum of the scores of the pictures that a model was trained on with what that model gave; its mean over
 * queries. It supposes that influence adds up. All queries share the subsets, so that the interval says
 * nothing of other subsets: compare with `noiseFloor`.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `EMPTY_INPUT`, `NOT_FINITE`, `INVALID_ARGUMENT` (fewer than three
 *   retrained models, a mask that is neither 0 nor 1)
 *
 * Source: Park et al. (2023), TRAK: Attributing Model Behavior at Scale, definition 2.2.
 */
export function linearDatamodellingScore(
  options: LinearDatamodellingOptions,
): LinearDatamodellingScore {
  const { masks, outputs, scores, outputsAre = 'quantity', level = 0.95, seed = 0 } = options
  assertDatamodelling(options)
  const sign = outputsAre === 'loss' ? -1 : 1
  const perQuery = Array.from({ length: scores.rows }, (_, query) => {
    const given = Float64Array.from(
      { length: outputs.rows },
      (_, subset) => sign * outputs.data[subset * outputs.columns + query]!,
    )
    return spearman(predictions(masks, scores, query), given)
  })
  const known = perQuery.flatMap((value, query) =>
    value === null ? [] : [{ value, cluster: options.clusters?.[query] ?? query }],
  )
  const mean = (items: typeof known) => meanAndVariance(items.map(({ value }) => value)).mean
  const interval =
    known.length === 0
      ? null
      : clusteredBootstrapInterval({
          items: known,
          clusters: known.map(({ cluster }) => cluster),
          statistic: (items) => mean([...items]),
          random: createRandom(seed),
          level,
        })
  return {
    value: known.length === 0 ? null : mean(known),
    interval,
    ...(known.length === 0 && {
      reason: 'All outputs or all predictions of each query are equal.',
    }),
    ...(known.length > 0 && interval === null && { reason: 'Too few queries, or no spread.' }),
    perQuery,
    queries: scores.rows,
    missing: scores.rows - known.length,
    subsets: masks.rows,
    noiseFloor: 1 / Math.sqrt(masks.rows - 1),
    warnings: warningsOf(scores),
  }
}

/** For each subset the sum of the scores of its pictures. */
function predictions(masks: RowVectors, scores: RowVectors, query: number): Float64Array {
  const { rows, columns } = masks
  const sums = new Float64Array(rows)
  for (let subset = 0; subset < rows; subset++) {
    let sum = 0
    for (let item = 0; item < columns; item++) {
      sum += masks.data[subset * columns + item]! * scores.data[query * columns + item]!
    }
    sums[subset] = sum
  }
  return sums
}

// A method that scores every picture hardly gives exact zeros; an export of the largest k is full of them.
const manyZeros = 0.1

function warningsOf(scores: RowVectors): EvaluationWarning[] {
  const queries = Array.from({ length: scores.rows }, (_, query) => query)
  const count = queries.filter(
    (query) => countZeros(scores, query) >= manyZeros * scores.columns,
  ).length
  const message =
    'Queries with a tenth or more of their scores exactly 0, as in exports of the largest k only: such scores predict retraining worse than full ones.'
  return count > 0 ? [{ code: 'SCORES_INCOMPLETE', count, message }] : []
}

function countZeros({ data, columns }: RowVectors, query: number): number {
  let count = 0
  const end = (query + 1) * columns
  for (let at = query * columns; at < end; at++) if (data[at] === 0) count++
  return count
}
