import type { Matrix, Progress } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'
import { scoreRows } from '../scores/score-rows.js'
import { type FeatureMapping, unitRowsOf } from '../scores/unit-rows.js'
import { CandidateList } from './candidate-list.js'
import { type Candidates, type InfluenceForm, mostCandidates } from './candidates.js'

/** What a pool is looked through for. */
export interface StreamCandidatesOptions {
  /** Mapped queries, of unit length. */
  readonly queries: Matrix
  readonly pool: FeatureSource
  readonly mapPool: FeatureMapping
  readonly k: number
  readonly form: InfluenceForm | null
  /** Candidates that are held in one pass, all queries together. No result depends on it. */
  readonly mostAtOnce?: number
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

/**
 * Candidates among the rows of a pool; scores in float64, whatever the blocks. The pool is read once;
 * where every row has influence, so that all scores are held, once for every few queries.
 */
export async function streamCandidates(
  options: StreamCandidatesOptions,
): Promise<StreamedCandidates> {
  const { queries, pool, form, mostAtOnce = mostCandidates } = options
  const holdsAll = form !== null && form.bias >= 0
  const atOnce = holdsAll ? Math.max(1, Math.floor(mostAtOnce / pool.rows)) : queries.rows
  const candidates: Candidates[] = []
  let zeroRows = 0
  for (let start = 0; start < queries.rows; start += atOnce) {
    const found = await readPool(start, Math.min(start + atOnce, queries.rows), options)
    candidates.push(...found.candidates)
    zeroRows = found.zeroRows
  }
  return { candidates, zeroRows }
}

/** One pass over the pool for the queries from `start` up to `end`. */
async function readPool(
  start: number,
  end: number,
  { queries, pool, mapPool, k, form, progress, signal }: StreamCandidatesOptions,
): Promise<StreamedCandidates> {
  const lists = Array.from({ length: end - start }, () => new CandidateList(k, form))
  const blockRows = Math.max(16, Math.floor(cachedBytes / (4 * pool.columns)))
  let zeroRows = 0
  for await (const block of pool.blocks({ rows: blockRows, ...(signal && { signal }) })) {
    const { firstRow, matrix } = block
    const views = unitRowsOf(block, mapPool)
    zeroRows += views.zeroRows
    lists.forEach((list, at) => {
      const scores = scoreRows({ matrix: queries, row: start + at }, views)
      for (let row = 0; row < scores.length; row++) list.offer(scores[row]!, firstRow + row)
    })
    progress?.({ task: 'attribute', done: firstRow + matrix.rows, total: pool.rows })
  }
  const { ids } = pool
  const candidates = lists.map((list) => {
    const { rows, scores } = list.take()
    return { rows, scores, idOf: (place: number) => ids?.[rows[place]!] ?? String(rows[place]) }
  })
  return { candidates, zeroRows }
}
