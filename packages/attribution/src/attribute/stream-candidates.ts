import type { Matrix, Progress } from '@assay/core'
import { scoreRows } from '../evaluation/score-rows.js'
import { type FeatureMapping, unitRowsOf } from '../evaluation/unit-rows.js'
import type { FeatureSource } from '../features/feature-source.js'
import { CandidateList } from './candidate-list.js'
import type { Candidates, InfluenceForm } from './candidates.js'

/** What a pool is looked through for. */
export interface StreamCandidatesOptions {
  /** Mapped queries, of unit length. */
  readonly queries: Matrix
  readonly pool: FeatureSource
  readonly mapPool: FeatureMapping
  readonly k: number
  readonly form: InfluenceForm | null
  readonly progress?: Progress | undefined
  readonly signal?: AbortSignal | undefined
}

/** The candidates of each query, and how many rows of the pool have no direction. */
export interface StreamedCandidates {
  readonly candidates: readonly Candidates[]
  readonly zeroRows: number
}

/** Rows that stay in a core's cache while one query after another is compared with them. */
const cachedBytes = 2 ** 19

/** Candidates among a pool that is read once; scores in float64, whatever the blocks. */
export async function streamCandidates(
  options: StreamCandidatesOptions,
): Promise<StreamedCandidates> {
  const { queries, pool, mapPool, k, form, progress, signal } = options
  const lists = Array.from({ length: queries.rows }, () => new CandidateList(k, form))
  const rows = Math.max(16, Math.floor(cachedBytes / (4 * pool.columns)))
  let zeroRows = 0
  for await (const block of pool.blocks({ rows, ...(signal && { signal }) })) {
    const views = unitRowsOf(block, mapPool)
    zeroRows += views.zeroRows
    lists.forEach((list, row) => {
      scoreRows({ matrix: queries, row }, views).forEach((score, at) => {
        list.offer(score, block.firstRow + at)
      })
    })
    progress?.({
      task: 'attribute',
      done: block.firstRow + block.matrix.rows,
      total: pool.rows,
    })
  }
  const { ids } = pool
  const candidates = lists.map((list) => {
    const { rows, scores } = list.take()
    return { rows, scores, idOf: (place: number) => ids?.[rows[place]!] ?? String(rows[place]) }
  })
  return { candidates, zeroRows }
}
