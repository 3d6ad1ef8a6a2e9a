import { BestRows, type RowOrder } from './best-rows.js'
import { GroupSieve } from './group-sieve.js'
import { type QueryBatch, queryBatch } from './query-batch.js'
import { RowsWithin } from './rows-within.js'
import { type QuerySearch, type SearchableRows, searchRows } from './search-rows.js'

/** Results of one query, best first. */
export interface QueryResults {
  readonly rows: Uint32Array
  readonly scores: Float64Array
}

/** Queries that share one pass over the matrix. */
const mostAtOnce = 1024
/** Results that are gathered in one pass; at 16 bytes each. */
const mostResultsAtOnce = 2 ** 22

/** The `k` nearest rows of each query, `k` at most the number of rows. */
export function searchNearest(
  rows: SearchableRows,
  queries: Float32Array,
  { k, order, signal }: { k: number; order: RowOrder; signal: AbortSignal },
): Promise<QueryResults[]> {
  const atOnce = Math.floor(mostResultsAtOnce / Math.max(k, 1))
  const begin = ({ bounds }: QueryBatch): QuerySearch[] =>
    bounds.map((bound) => ({
      sieve: new GroupSieve(bound, Number.NEGATIVE_INFINITY, k),
      found: new BestRows(k, order),
    }))
  return searchBatches(rows, queries, { begin, atOnce, signal })
}

/** A search by radius: one a query. */
export interface RadiusSearch {
  readonly radii: Float64Array
  readonly order: RowOrder
  readonly signal: AbortSignal
}

/** All rows of each query whose score lies within its radius. */
export function searchWithin(
  rows: SearchableRows,
  queries: Float32Array,
  { radii, order, signal }: RadiusSearch,
): Promise<QueryResults[]> {
  const { metric, columns } = rows
  const begin = ({ bounds, lengths }: QueryBatch, first: number): QuerySearch[] =>
    bounds.map((bound, query) => {
      const leastMerit = metric.signed(radii[first + query]!)
      const floor = metric.estimateOf(leastMerit, lengths[query]!, columns)
      return {
        sieve: new GroupSieve(bound, floor, null),
        found: new RowsWithin(leastMerit, order),
      }
    })
  return searchBatches(rows, queries, { begin, atOnce: mostAtOnce, signal })
}

interface BatchSearch {
  /** Starts the search of each query of a batch, whose first query has a number. */
  readonly begin: (batch: QueryBatch, first: number) => QuerySearch[]
  readonly atOnce: number
  readonly signal: AbortSignal
}

async function searchBatches(
  rows: SearchableRows,
  queries: Float32Array,
  { begin, atOnce, signal }: BatchSearch,
): Promise<QueryResults[]> {
  const { metric, columns } = rows
  const step = Math.min(Math.max(atOnce, 1), mostAtOnce) * columns
  const results: QueryResults[] = []
  for (let start = 0; start < queries.length; start += step) {
    const batch = queryBatch(queries.subarray(start, start + step), columns, metric)
    const searches = begin(batch, start / columns)
    await searchRows(rows, batch, { searches, signal })
    for (const { found } of searches) {
      const { rows: foundRows, merits } = found.ranked()
      results.push({ rows: foundRows, scores: merits.map(metric.signed) })
    }
  }
  return results
}
