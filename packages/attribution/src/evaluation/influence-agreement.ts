import { AssayError, type Interval } from '@assay/core'
import type { RowVectors } from '@assay/core/linear-algebra'
import {
  type ClusterId,
  clusteredMeanInterval,
  meanAndVariance,
  spearman,
} from '@assay/core/statistics'
import { pearson } from './pearson.js'
import { noInterval } from './summarise-retrieval.js'

/** Influence as a method gives it, and as it truly was. */
export interface InfluenceAgreementOptions {
  /** A row a query, a column a training picture. */
  readonly influence: RowVectors
  /** The same shape: exact shares, as a generator knows them whose formula holds its training pictures. */
  readonly truth: RowVectors
  /** Queries of one cluster are not independent. Default: every query by itself */
  readonly clusters?: readonly ClusterId[]
  /** Confidence level. Default: 0.95 */
  readonly level?: number
}

/** The correlation of influence and truth within queries, averaged over them. */
export interface MeanCorrelation {
  /** Mean over queries, in [-1, 1]; null where no query has one. */
  readonly value: number | null
  readonly interval: Interval | null
  readonly reason?: string
  /** One a query; null where all its influences or all its truths are equal. */
  readonly perQuery: readonly (number | null)[]
  readonly n: number
  readonly missing: number
}

/** How well influence agrees with the truth. */
export interface InfluenceAgreement {
  /** Of the sizes. */
  readonly pearson: MeanCorrelation
  /** Of the order, ties sharing their mean rank. */
  readonly spearman: MeanCorrelation
}

/**
 * How soft influence agrees with the exact truth: for each query the correlation over training
 * pictures, its mean over queries and a clustered interval.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `EMPTY_INPUT`, `NOT_FINITE`
 */
export function influenceAgreement(options: InfluenceAgreementOptions): InfluenceAgreement {
  const { influence, truth, clusters, level = 0.95 } = options
  assertAlike(influence, truth)
  assertCount(clusters?.length ?? truth.rows, truth.rows, 'clusters')
  const rowOf = ({ data, columns }: RowVectors, query: number) =>
    data.subarray(query * columns, (query + 1) * columns)
  const mean = (correlate: typeof pearson): MeanCorrelation => {
    const perQuery = Array.from({ length: truth.rows }, (_, query) =>
      correlate(rowOf(influence, query), rowOf(truth, query)),
    )
    return meanCorrelation(perQuery, clusters, level)
  }
  return { pearson: mean(pearson), spearman: mean(spearman) }
}

function meanCorrelation(
  perQuery: readonly (number | null)[],
  clusters: readonly ClusterId[] | undefined,
  level: number,
): MeanCorrelation {
  const known = perQuery.flatMap((value, query) =>
    value === null ? [] : [{ value, cluster: clusters?.[query] ?? query }],
  )
  const counts = { perQuery, n: known.length, missing: perQuery.length - known.length }
  if (known.length === 0) {
    const reason = 'In no query do both influence and truth differ between pictures.'
    return { value: null, interval: null, reason, ...counts }
  }
  const values = known.map(({ value }) => value)
  const own = known.map(({ cluster }) => cluster)
  const interval = clusteredMeanInterval(values, own, { level, range: [-1, 1] })
  const { mean: value } = meanAndVariance(values)
  return { value, interval, ...(interval === null && { reason: noInterval }), ...counts }
}

function assertAlike(influence: RowVectors, truth: RowVectors): void {
  if (truth.rows * truth.columns === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no truth to compare with.',
      value: 0,
      remedy: 'Give at least one query and one training picture.',
    })
  }
  assertCount(influence.rows, truth.rows, 'rows of influence')
  assertCount(influence.columns, truth.columns, 'columns of influence')
}

function assertCount(count: number, expected: number, what: string): void {
  if (count === expected) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${count} ${what}, and the truth has ${expected}.`,
    value: [count, expected],
    remedy: 'Give influence and truth of the same queries and training pictures, in one order.',
  })
}
