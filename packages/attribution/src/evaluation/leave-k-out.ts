import { AssayError, type Interval } from '@assay/core'
import { type ClusterId, clusteredMeanInterval, meanAndVariance } from '@assay/core/statistics'
import { noInterval } from './summarise-retrieval.js'

/** What retraining without some pictures gave. */
export interface Removal {
  /** Which method chose the pictures, for instance `cosine`; `random` for the baseline. */
  readonly method: string
  /** How many pictures were removed for each query. */
  readonly removed: number
  /** One number a query: the query's loss under the retrained model, or how far its picture moved. */
  readonly values: ArrayLike<number>
}

/** Losses or deviations of queries under models that were trained without some pictures. */
export interface LeaveKOutOptions {
  readonly removals: readonly Removal[]
  /**
   * The queries' losses under the full model, which are taken off (ΔL); null where the values are
   * changes already, such as the deviation of the generated picture (ΔG). Default: null
   */
  readonly before?: ArrayLike<number> | null
  /** Name of the method that is chance. Default: `random` */
  readonly random?: string
  /** Queries of one cluster are not independent. Default: every query by itself */
  readonly clusters?: readonly ClusterId[]
  /** Confidence level. Default: 0.95 */
  readonly level?: number
}

/** A mean over queries with its interval. */
export interface MeanChange {
  readonly value: number
  readonly interval: Interval | null
  readonly reason?: string
}

/** What removing one method's pictures changed. */
export interface LeaveKOutRow {
  readonly method: string
  readonly removed: number
  readonly queries: number
  /** More is better: the pictures mattered. */
  readonly change: MeanChange
  /** Paired difference from removing as many random pictures; null where that was not done. */
  readonly overRandom: MeanChange | null
}

/**
 * Leave-K-out: what happens to generated pictures when the K pictures that a method holds responsible
 * are removed and the model is trained again, beside removing as many at random.
 *
 * @throws AssayError `EMPTY_INPUT` (no removal, or one without queries), `SHAPE_MISMATCH` (lists of two
 *   lengths), `NOT_FINITE`, `INVALID_ARGUMENT` (removed), `DUPLICATE_ID` (method and number twice)
 *
 * Source: Wang et al. (2024), Data Attribution for Text-to-Image Models by Unlearning Synthesized
 * Images, section 5.1.
 */
export function leaveKOut(options: LeaveKOutOptions): LeaveKOutRow[] {
  const { removals, random = 'random', level = 0.95 } = options
  const changes = changesOf(options)
  const clusters = options.clusters ?? Array.from(changes[0] ?? [], (_, query) => query)
  const meanOf = (values: Float64Array): MeanChange => {
    const interval = clusteredMeanInterval(values, clusters, { level })
    const { mean: value } = meanAndVariance(values)
    return { value, interval, ...(interval === null && { reason: noInterval }) }
  }
  return removals.map(({ method, removed }, at) => {
    const own = changes[at]!
    const chance = removals.findIndex(
      (other) => other.method === random && other.removed === removed,
    )
    const paired = chance < 0 || chance === at ? null : changes[chance]!
    return {
      method,
      removed,
      queries: own.length,
      change: meanOf(own),
      overRandom: paired && meanOf(own.map((value, query) => value - paired[query]!)),
    }
  })
}

/** The change of each query by each removal, checked. */
export function changesOf({
  removals,
  before = null,
  clusters,
}: Pick<LeaveKOutOptions, 'removals' | 'before' | 'clusters'>): Float64Array[] {
  const queries = removals[0]?.values.length ?? 0
  if (queries === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no removal with queries.',
      value: 0,
      remedy: 'Give the losses of at least one query for each removal.',
    })
  }
  assertDistinct(removals)
  const lists = [...removals.map(({ values }) => values), ...(before ? [before] : [])]
  for (const list of [...lists, ...(clusters ? [clusters] : [])]) {
    if (list.length !== queries) throw mismatch(list.length, queries)
  }
  return removals.map(({ values, removed }) => {
    assertCount(removed)
    return Float64Array.from(values, (value, query) => value - (before?.[query] ?? 0))
  })
}

function assertDistinct(removals: readonly Removal[]): void {
  const keys = removals.map(({ method, removed }) => `${method} without ${removed}`)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice === undefined) return
  throw new AssayError({
    code: 'DUPLICATE_ID',
    message: `The removal ${twice} stands twice.`,
    value: twice,
    remedy: 'Average the seeds of one removal before.',
  })
}

function assertCount(removed: number): void {
  if (Number.isSafeInteger(removed) && removed >= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${removed} pictures cannot be removed.`,
    value: removed,
    remedy: 'Give how many pictures were removed for each query, at least 1.',
  })
}

const mismatch = (count: number, queries: number) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${count} values for ${queries} queries.`,
    value: [count, queries],
    remedy: 'Give one value for each query, in one order.',
  })
