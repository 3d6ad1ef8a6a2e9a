import { setImmediate } from 'node:timers/promises'
import {
  type CandidateRanges,
  rangesOfProduct,
  rangesWithinDistance,
} from './cells/candidate-ranges.js'
import type { Cells } from './cells/cells.js'
import { prunedQueries } from './cells/choose-roads.js'
import { copyPosition } from './cells/copy-position.js'
import type { RoadExperience } from './cells/road-experience.js'
import { RowsWithin } from './rows-within.js'
import { searchCandidates } from './search-candidates.js'
import { type QueryResults, type RadiusSearch, searchWithin } from './search-queries.js'
import type { SearchableRows } from './search-rows.js'

/** Rows in memory that are in cells. */
export interface PrunableRows extends SearchableRows {
  readonly data: Float32Array
  readonly numbers: Uint32Array
  readonly cells: Cells
  /** What the roads cost; null where every query is to prune. */
  readonly roads: RoadExperience | null
}

/** Queries whose candidates are counted before a road is taken for each. */
const queriesAtOnce = 1024
/** Queries that show whether it is worth while to count the candidates of the rest. */
const queriesTried = 32

/**
 * All rows of each query whose score lies within its radius: the same as `searchWithin` finds, by
 * looking only at rows that cells do not rule out, wherever that is quicker.
 */
export async function searchWithinCells(
  rows: PrunableRows,
  queries: Float32Array,
  search: RadiusSearch,
): Promise<QueryResults[]> {
  const results: QueryResults[] = []
  const step = queriesAtOnce * rows.columns
  for (let start = 0; start < queries.length; start += step) {
    const batch = queries.subarray(start, start + step)
    const first = start / rows.columns
    const radii = search.radii.subarray(first, first + queriesAtOnce)
    results.push(...(await searchBatch(rows, batch, { ...search, radii })))
  }
  return results
}

async function searchBatch(
  rows: PrunableRows,
  queries: Float32Array,
  search: RadiusSearch,
): Promise<QueryResults[]> {
  const total = queries.length / rows.columns
  const plan = await planQueries(rows, queries, search)
  const prunes = takenRoads(rows, plan, total)
  const scans = (await scanQueries(rows, queries, { ...search, prunes })).values()
  const began = performance.now()
  let candidates = 0
  const results: QueryResults[] = []
  for (let query = 0; query < total; query++) {
    const ranges = plan[query]
    if (!ranges || !prunes[query]) {
      results.push(scans.next().value!)
      continue
    }
    candidates += ranges.count
    results.push(await searchRanges(rows, ranges, { queries, query, ...search }))
  }
  rows.roads?.pruned(candidates, performance.now() - began)
  return results
}

/** Which queries prune. A plan that is not whole says that none should, but one may try. */
function takenRoads(
  { roads }: PrunableRows,
  plan: readonly CandidateRanges[],
  total: number,
): boolean[] {
  const counts = plan.map(({ count }) => count)
  if (!roads) return counts.map(() => true)
  const prunes =
    plan.length === total
      ? prunedQueries(counts, roads.costs)
      : Array.from({ length: total }, () => false)
  const least = counts.reduce((best, count, query) => (count < counts[best]! ? query : best), 0)
  const trial = plan.length > 0 && !prunes.includes(true) && roads.tries(counts[least]!, total)
  if (trial) prunes[least] = true
  return prunes
}

/** One scan for all queries that do not prune. */
async function scanQueries(
  rows: PrunableRows,
  queries: Float32Array,
  { prunes, ...search }: RadiusSearch & { readonly prunes: readonly boolean[] },
): Promise<readonly QueryResults[]> {
  const scanned = queriesWhere(queries, rows.columns, (query) => !prunes[query])
  const radii = search.radii.filter((_, query) => !prunes[query])
  if (scanned.length === 0) return []
  const began = performance.now()
  const results = await searchWithin(rows, scanned, { ...search, radii })
  rows.roads?.scanned(results.length, performance.now() - began)
  return results
}

/** The candidates of each query, or of the first ones only where those say that all should scan. */
async function planQueries(
  rows: PrunableRows,
  queries: Float32Array,
  { radii, signal }: RadiusSearch,
): Promise<CandidateRanges[]> {
  const total = queries.length / rows.columns
  const plan: CandidateRanges[] = []
  for (let query = 0; query < total; query++) {
    plan.push(candidateRanges(rows, queries, { query, radius: radii[query]! }))
    if (plan.length % queriesTried > 0) continue
    await setImmediate()
    signal.throwIfAborted()
    if (plan.length > queriesTried || !rows.roads) continue
    const { scan, scanQuery, candidate } = rows.roads.costs
    if (plan.every(({ count }) => count * candidate > scan / total + scanQuery)) break
  }
  return plan
}

/** Rows that may lie within the radius of one query. */
function candidateRanges(
  { metric, columns, cells }: PrunableRows,
  queries: Float32Array,
  { query, radius }: { readonly query: number; readonly radius: number },
): CandidateRanges {
  const leastMerit = metric.signed(radius)
  const position = new Float64Array(columns)
  const length = copyPosition({ data: queries, columns, metric }, query, position)
  const distance = metric.greatestDistance(leastMerit, columns)
  return distance === null
    ? rangesOfProduct(cells, { position, length }, leastMerit)
    : rangesWithinDistance(cells, { position, length }, distance)
}

async function searchRanges(
  { metric, columns, numbers, data }: PrunableRows,
  ranges: CandidateRanges,
  { queries, query, radii, order, signal }: RadiusSearch & { queries: Float32Array; query: number },
): Promise<QueryResults> {
  const found = new RowsWithin(metric.signed(radii[query]!), order)
  const pair = { queries, query: query * columns, vectors: data, vector: 0, columns }
  await searchCandidates(metric, pair, { ranges, numbers, found, signal })
  const { rows, merits } = found.ranked()
  return { rows, scores: merits.map(metric.signed) }
}

/** The queries that a condition holds for, packed. */
function queriesWhere(
  queries: Float32Array,
  columns: number,
  holds: (query: number) => boolean,
): Float32Array {
  return queries.filter((_, index) => holds(Math.floor(index / columns)))
}
