import type { Tensor } from '@assay/core'
import type { TaskSession } from '@assay/tensor'
import type { RowCollection } from './best-rows.js'
import { groupRows } from './group-rows.js'
import type { GroupSieve } from './group-sieve.js'
import { rowsSideBySide } from './metrics/four-sums.js'
import type { SearchMetric } from './metrics/search-metric.js'
import type { QueryBatch } from './query-batch.js'
import type { RowWindow, RowWindows } from './row-windows.js'
import type { RowSurvey } from './survey-rows.js'

/** A matrix ready to be searched. */
export interface SearchableRows extends RowSurvey {
  readonly metric: SearchMetric
  readonly columns: number
  /** The number of the row at each place; null where rows stand in their own order. */
  readonly numbers: Uint32Array | null
  readonly source: RowWindows
  /** The graph of `scoreGraph`. */
  readonly session: TaskSession
  /** Rows that go into one run of the graph, a multiple of the group size; null: as the queries allow. */
  readonly blockRows: number | null
}

/** One query's search. */
export interface QuerySearch {
  readonly sieve: GroupSieve
  readonly found: RowCollection
}

/** Estimates of one run: 8 MB, near the caches; fewer would mean more runs, whose threads must meet. */
const estimatesPerRun = 2 ** 21
/** Beyond this, longer runs gain nothing. */
const mostRowsPerRun = 2 ** 16

/** One pass over the matrix, for all queries of a batch: estimates sieve, exact merits decide. */
export async function searchRows(
  rows: SearchableRows,
  batch: QueryBatch,
  { searches, signal }: { searches: readonly QuerySearch[]; signal: AbortSignal },
): Promise<void> {
  const wanted = rows.blockRows ?? Math.min(estimatesPerRun / batch.count, mostRowsPerRun)
  const step = Math.max(groupRows, wanted - (wanted % groupRows))
  for await (const window of rows.source.windows()) {
    const wholeGroups = window.rows - (window.rows % groupRows)
    for (let first = 0; first < wholeGroups; first += step) {
      signal.throwIfAborted()
      const block = { first, count: Math.min(step, wholeGroups - first) }
      const maxima = await estimate(rows, batch, { window, ...block })
      sieveGroups(maxima, (window.start + first) / groupRows, { searches, reaches: rows.reaches })
    }
    decide(rows, batch, { window, searches })
  }
}

/** Part of a window, by rows counted from the window's first. */
interface Block {
  readonly window: RowWindow
  readonly first: number
  readonly count: number
}

/** The best estimate of each group of a block for each query, `[groups, queries]`. */
async function estimate(
  { columns, session, weights }: SearchableRows,
  batch: QueryBatch,
  { window, first, count }: Block,
): Promise<Float32Array> {
  const groups = count / groupRows
  const row = window.start + first
  const data = window.data.subarray(first * columns, (first + count) * columns)
  const vectors: Tensor = { type: 'float32', dims: [groups, groupRows, columns], data }
  const weight: Tensor = {
    type: 'float32',
    dims: [groups, groupRows, 1],
    data: weights.subarray(row, row + count),
  }
  const { maxima } = await session.run({
    vectors,
    queries: batch.columns,
    ...(weights.length > 0 && { weights: weight }),
  })
  return maxima?.data as Float32Array
}

/** Hands to each query's sieve the groups that may hold a result. */
function sieveGroups(
  maxima: Float32Array,
  firstGroup: number,
  { searches, reaches }: { searches: readonly QuerySearch[]; reaches: Float32Array },
): void {
  const queries = searches.length
  const groups = maxima.length / queries
  for (let query = 0; query < queries; query++) {
    const { sieve } = searches[query]!
    const { linear, quadratic, constant } = sieve.bound
    for (let group = 0; group < groups; group++) {
      const reach = reaches[firstGroup + group]!
      const error = linear * reach + quadratic * reach * reach + constant
      const best = maxima[group * queries + query]!
      if (!(best + error < sieve.floor)) sieve.add(firstGroup + group, best, error)
    }
  }
}

/** Looks exactly at the candidates in a window, and at the rows after its last whole group. */
function decide(
  { metric, columns, numbers }: SearchableRows,
  batch: QueryBatch,
  { window, searches }: { window: RowWindow; searches: readonly QuerySearch[] },
): void {
  const rest = window.rows - (window.rows % groupRows)
  const merits = new Float64Array(rowsSideBySide)
  searches.forEach(({ sieve, found }, query) => {
    const pair = {
      queries: batch.values,
      query: query * columns,
      vectors: window.data,
      vector: 0,
      columns,
    }
    const offer = (merit: number, index: number) => {
      const place = window.start + index
      found.offer(merit, numbers ? numbers[place]! : place)
    }
    const look = (from: number, to: number) => {
      let index = from
      if (metric.fourMerits) {
        for (; index + rowsSideBySide <= to; index += rowsSideBySide) {
          pair.vector = index * columns
          metric.fourMerits(pair, merits)
          for (let row = 0; row < rowsSideBySide; row++) offer(merits[row]!, index + row)
        }
      }
      for (; index < to; index++) {
        pair.vector = index * columns
        offer(metric.merit(pair, found.least), index)
      }
    }
    for (const group of sieve.take()) {
      const from = group * groupRows - window.start
      look(from, from + groupRows)
    }
    look(rest, window.rows)
  })
}
