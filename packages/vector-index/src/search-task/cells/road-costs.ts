import { GroupSieve } from '../group-sieve.js'
import { queryBatch } from '../query-batch.js'
import { memoryWindows } from '../row-windows.js'
import { RowsWithin } from '../rows-within.js'
import { type SearchableRows, searchRows } from '../search-rows.js'

/** What the two roads of a radius search cost, in milliseconds. */
export interface RoadCosts {
  /** A scan of all rows, whatever the number of queries. */
  readonly scan: number
  /** Each query of a scan. */
  readonly scanQuery: number
  /** Each row that pruning leaves. */
  readonly candidate: number
}

const queriesScanned = 64
/** Rows of a scan for one query: more than caches hold, since it waits for the memory. */
const rowsForOne = 2 ** 18
/** Rows of a scan for many queries, which waits for the processor. */
const rowsForMany = 2 ** 14
const candidatesChecked = 8192
/** Candidates that stand together. */
const candidatesInRow = 64
/** The quickest of some repeats is the one that least was disturbed. */
const repeats = 3

/** Measures the roads on this machine, on a part of the rows; takes some 50 milliseconds. */
export async function measureRoads(
  rows: SearchableRows,
  { data, signal }: { readonly data: Float32Array; readonly signal: AbortSignal },
): Promise<RoadCosts> {
  const total = data.length / rows.columns
  /** What a scan of all rows would take, from one of the first of them. */
  const scan = async (queries: number, most: number) => {
    const count = Math.min(most, total)
    const source = memoryWindows(data.subarray(0, count * rows.columns), rows.columns)
    const run = () => emptyScan({ ...rows, source }, queries, { data, signal })
    return ((await quickest(run)) * total) / count
  }
  const one = await scan(1, rowsForOne)
  const many = await scan(queriesScanned, rowsForMany)
  const scanQuery = Math.max(0, many - one) / (queriesScanned - 1)
  return {
    scan: Math.max(0, one - scanQuery),
    scanQuery,
    candidate: await candidateCost(rows, data),
  }
}

/** A scan that finds nothing, with the first rows for queries (over again where there are fewer). */
async function emptyScan(
  rows: SearchableRows,
  count: number,
  { data, signal }: { readonly data: Float32Array; readonly signal: AbortSignal },
): Promise<void> {
  const { columns, metric } = rows
  const queries = Float32Array.from({ length: count * columns }, (_, at) => data[at % data.length]!)
  const batch = queryBatch(queries, columns, metric)
  const searches = batch.bounds.map((bound) => ({
    sieve: new GroupSieve(bound, Number.POSITIVE_INFINITY, null),
    found: new RowsWithin(Number.POSITIVE_INFINITY, null),
  }))
  await searchRows(rows, batch, { searches, signal })
}

/** Stretches of rows all over the memory, as candidates are, each row looked at whole. */
async function candidateCost({ metric, columns }: SearchableRows, data: Float32Array) {
  const rows = data.length / columns
  const checked = Math.min(rows, candidatesChecked)
  const apart = Math.floor(rows / checked) * candidatesInRow
  const pair = { queries: data, query: 0, vectors: data, vector: 0, columns }
  const found = new RowsWithin(Number.POSITIVE_INFINITY, null)
  const elapsed = await quickest(async () => {
    for (let index = 0; index < checked; index++) {
      const stretch = Math.floor(index / candidatesInRow)
      pair.vector = (stretch * apart + (index % candidatesInRow)) * columns
      found.offer(metric.merit(pair), index)
    }
  })
  return elapsed / checked
}

async function quickest(work: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now()
    await work()
    least = Math.min(least, performance.now() - start)
  }
  return least
}
