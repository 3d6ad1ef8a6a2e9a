import {
  AssayError,
  type Matrix,
  type Measure,
  type Neighbour,
  type VectorIndex,
} from '@assay/core'
import { clusteredProportionInterval } from '@assay/core/statistics'

/** What a recall is measured with. */
export interface MeasureRecallOptions {
  /** The index that may miss neighbours. */
  readonly index: Pick<VectorIndex, 'nearest' | 'metric'>
  /** An exact index over the same vectors. */
  readonly exact: Pick<VectorIndex, 'nearest'>
  /** Queries of the kind that will be asked: some hundred that are not in the index. */
  readonly queries: Matrix
  /** How many neighbours, from 1. */
  readonly k: number
  /** Confidence level of the interval in (0, 1). Default 0.95. */
  readonly level?: number
  readonly signal?: AbortSignal
}

/**
 * The recall of an index: which share of the true `k` nearest neighbours it finds. A neighbour counts as
 * found where one at least as near is: equal distances are all the same. The interval is Wilson's, at
 * the effective number of neighbours, since those of one query are missed together.
 *
 * @returns The measure `recall@k`; its interval is null for a single query.
 * @throws AssayError `EMPTY_INPUT` for no query, and what the searches throw
 */
export async function measureRecall({
  index,
  exact,
  queries,
  k,
  level = 0.95,
  signal,
}: MeasureRecallOptions): Promise<Measure> {
  if (queries.rows === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'A recall cannot be measured without queries.',
      value: 0,
      remedy: 'Pass some hundred queries of the kind that will be asked.',
    })
  }
  const options = { k, ...(signal && { signal }) }
  const truth = await exact.nearest(queries, options)
  const found = await index.nearest(queries, options)
  const isFarther = (a: number, b: number) => (index.metric === 'euclidean' ? a > b : a < b)
  const outcomes: boolean[] = []
  const clusters: number[] = []
  truth.forEach((neighbours, query) => {
    const last = neighbours.at(-1)?.score ?? 0
    const near = (found[query] ?? []).filter(({ score }: Neighbour) => !isFarther(score, last))
    neighbours.forEach((_, place) => {
      outcomes.push(place < near.length)
      clusters.push(query)
    })
  })
  const interval =
    outcomes.length > 0
      ? clusteredProportionInterval(outcomes, clusters, { level, form: 'wilson' })
      : null
  return {
    id: `recall@${k}`,
    value: outcomes.length > 0 ? outcomes.filter(Boolean).length / outcomes.length : null,
    unit: 'share',
    n: outcomes.length,
    missing: 0,
    interval,
    ...(outcomes.length === 0
      ? { reason: 'the index is empty' }
      : !interval && { reason: 'one query tells nothing of others' }),
  }
}
