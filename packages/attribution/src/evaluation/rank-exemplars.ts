import type { Matrix, Progress } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'
import {
  type FeatureMapping,
  selectBlockRows,
  type UnitRows,
  unitRowsOf,
} from '../scores/unit-rows.js'
import { countBlock } from './count-block.js'
import { createTrials } from './create-trials.js'
import type { PoolDuplicates } from './pool-duplicates.js'
import type { ResolvedModels } from './resolve-models.js'
import type { RowProduct } from './row-product.js'

/** Queries, their models' exemplars, and what these are ranked among. */
export interface RankExemplarsOptions extends ResolvedModels {
  readonly queryRows: Matrix
  readonly exemplarRows: UnitRows
  readonly pool: FeatureSource
  readonly mapPool: FeatureMapping
  /** Rows of the pool that count for no query. */
  readonly leftOut: ReadonlySet<number>
  readonly duplicates: PoolDuplicates | null
  readonly product?: RowProduct | undefined
  readonly ties: 'pessimistic' | 'expected'
  readonly progress?: Progress | undefined
  readonly signal?: AbortSignal | undefined
}

/** The ranks of the exemplars of one query's model, and among how many others. */
export interface RankedQuery {
  readonly ranks: readonly number[]
  readonly others: number
}

/** Queries ranked, and the rows of the pool without direction that were met. */
export interface RankedQueries {
  readonly queries: readonly RankedQuery[]
  readonly zeroRows: number
}

// Rows that stay in a core's cache while one query after another is compared with them, and rows
// enough to keep an engine busy.
const cachedBytes = 2 ** 19
const engineBytes = 2 ** 24

/** Ranks each query's own exemplars among the pool, which is read once. */
export async function rankExemplars(options: RankExemplarsOptions): Promise<RankedQueries> {
  const { pool, leftOut, product, ties, progress, signal } = options
  const trials = createTrials(options)
  const bytes = product ? engineBytes : cachedBytes
  const rows = Math.max(16, Math.floor(bytes / (4 * pool.columns)))
  let zeroRows = 0
  for await (const block of pool.blocks({ rows, ...(signal && { signal }) })) {
    const { firstRow, matrix } = block
    const kept = Array.from({ length: matrix.rows }, (_, row) => row)
    const own = leftOut.size === 0 ? kept : kept.filter((row) => !leftOut.has(firstRow + row))
    if (own.length > 0) {
      const others = unitRowsOf(selectBlockRows(block, own), options.mapPool)
      zeroRows += others.zeroRows
      await countBlock({ trials, others, queryRows: options.queryRows, product })
    }
    progress?.({ task: 'rank exemplars', done: firstRow + matrix.rows, total: pool.rows })
  }
  const queries = trials.map(({ counter, duplicates }) => ({
    ranks: counter.ranks(ties),
    others: pool.rows - leftOut.size - duplicates,
  }))
  return { queries, zeroRows }
}
