import type { VectorMetric } from '@assay/core'
import type { ResidentHandle, Task, TaskContext } from '@assay/tensor'
import { CellAccount } from './cells/cell-account.js'
import { type FileRows, fileWindows } from './file-windows.js'
import { searchMetrics } from './metrics/search-metric.js'
import { makePrunable, type Pruning } from './prunable-rows.js'
import { rankIds } from './rank-ids.js'
import { memoryWindows } from './row-windows.js'
import { scoreGraph } from './score-graph.js'
import { type PrunableRows, searchWithinCells } from './search-pruned.js'
import { type QueryResults, searchNearest, searchWithin } from './search-queries.js'
import type { SearchableRows } from './search-rows.js'
import { surveyRows } from './survey-rows.js'

/** What a task is started with. */
export interface SearchTaskArgument {
  readonly metric: VectorMetric
  readonly columns: number
  readonly rows: number
  /** The matrix: resident in the worker, or in a file. */
  readonly vectors: ResidentHandle | FileRows
  /** Ids that are not in ascending order, or null. */
  readonly ids: readonly string[] | null
  readonly blockRows: number | null
  /** How rows are pruned in a search by radius, or null where all are scanned. */
  readonly pruning: Pruning | null
}

/** What the index asks its task. */
export type SearchTaskMethods = {
  /** The `k` nearest rows of each query. */
  nearest(
    argument: { readonly queries: Float32Array; readonly k: number },
    signal: AbortSignal,
  ): Promise<QueryResults[]>
  /** The rows of each query whose score lies within its radius. */
  within(
    argument: { readonly queries: Float32Array; readonly radii: Float64Array },
    signal: AbortSignal,
  ): Promise<QueryResults[]>
}

/**
 * Searches a matrix beside its data, in a worker of the engine. All rows are looked through once, here.
 *
 * @throws AssayError `NOT_FINITE`, `ZERO_VECTOR` (cosine) with the number of the row; `FILE_READ_FAILED`
 */
export async function createTask(
  context: TaskContext,
  argument: unknown,
): Promise<Task<SearchTaskMethods>> {
  const { metric: name, columns, rows, vectors, ids, ...settings } = argument as SearchTaskArgument
  const { blockRows, pruning } = settings
  const metric = searchMetrics[name]
  const order = ids && rankIds(ids)
  const data = 'path' in vectors ? null : (context.tensor(vectors).data as Float32Array)
  const source = 'path' in vectors ? await fileWindows(vectors) : memoryWindows(data!, columns)
  const survey = await surveyRows(source, { rows, columns, metric })
  const session = await context.openSession(scoreGraph(metric, columns))
  const settled = { metric, columns, source, session, blockRows }
  let searchable: SearchableRows = { ...survey, ...settled, numbers: null }

  let prunable: PrunableRows | null = null
  const prepare = async (signal: AbortSignal): Promise<PrunableRows | null> => {
    if (prunable || !data || !pruning || rows === 0) return prunable
    prunable = await makePrunable(context, searchable, { data, pruning, signal })
    searchable = prunable
    return prunable
  }
  if (pruning?.eager) await prepare(new AbortController().signal)

  const account = new CellAccount({ rows, cells: pruning?.cells ?? 0 })
  /** The rows in cells, if those are there or their time has come. */
  const cellsFor = async (signal: AbortSignal): Promise<PrunableRows | null> =>
    pruning?.always || account.isSettled ? prepare(signal) : prunable

  return {
    methods: {
      nearest: ({ queries, k }, signal) =>
        searchNearest(searchable, queries, { k: Math.min(k, rows), order, signal }),
      async within({ queries, radii }, signal) {
        const cells = await cellsFor(signal)
        const search = { radii, order, signal }
        if (cells) return searchWithinCells(cells, queries, search)
        const results = await searchWithin(searchable, queries, search)
        account.pay(results.length)
        return results
      },
    },
    async close() {
      await session.close()
      await source.close()
    },
  }
}
