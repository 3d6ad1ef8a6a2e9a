import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { BestRows, type RowCollection, type RowOrder } from '../search-task/best-rows.js'
import { type SearchMetric, searchMetrics } from '../search-task/metrics/search-metric.js'
import { rankIds } from '../search-task/rank-ids.js'
import { RowsWithin } from '../search-task/rows-within.js'
import type { QueryResults } from '../search-task/search-queries.js'
import { searchableLength } from '../search-task/survey-rows.js'
import type { LibraryCalls, OpenArgument } from './library-protocol.js'
import type { NearestLibrary } from './nearest-library.js'
import type { RowStore } from './row-store.js'

/** Queries and candidates that go through the library at a time. */
const queriesAtOnce = 64
/** Candidates that a search by radius first asks for. */
const firstCandidates = 64
/** How much it asks for more where that was not enough. */
const growth = 4
/** Share of all rows beyond which comparing them all is no more work. */
const shareOfAll = 0.25
/** Rows that stand for all in a digest. */
const rowsInDigest = 1024

/** A query, and what gathers its results. */
interface Search {
  readonly query: Float32Array
  readonly found: RowCollection
}

/**
 * A library's candidates with the scores of their rows: which rows are found is the library's word,
 * what they score and how they are ordered is exact. Where the library names too few, all rows are
 * compared.
 */
export class HostedIndex {
  readonly #library: NearestLibrary
  readonly #rows: RowStore
  readonly #metric: SearchMetric
  readonly #settings: OpenArgument
  readonly #order: RowOrder

  constructor(library: NearestLibrary, rows: RowStore, settings: OpenArgument) {
    this.#library = library
    this.#rows = rows
    this.#settings = settings
    this.#metric = searchMetrics[settings.metric]
    this.#order = settings.ids && rankIds(settings.ids)
  }

  /** Trains the library with rows spread over the matrix. */
  async train(): Promise<void> {
    const { library } = this.#settings
    const wanted = library.name === 'faiss' ? library.trainingRows : 0
    if (wanted > 0) this.#library.train(await this.#sample(wanted))
  }

  /** @throws AssayError `NOT_FINITE`, `ZERO_VECTOR` (cosine) with the number of the row */
  async add({ start, count }: LibraryCalls['add']['argument']): Promise<void> {
    const { columns } = this.#settings
    const window = { start, rows: count, data: await this.#rows.read(start, count) }
    for (let row = 0; row < count; row++) {
      searchableLength(window, row, { columns, metric: this.#metric })
    }
    this.#library.add(start, window.data)
  }

  /** The `k` nearest rows of each query. */
  async nearest(
    { queries, k, exactly }: LibraryCalls['nearest']['argument'],
    signal: AbortSignal,
  ): Promise<QueryResults[]> {
    const { rows, oversampling } = this.#settings
    const wanted = Math.min(k, rows)
    const candidates = Math.ceil(wanted * oversampling)
    const withLibrary = !exactly && candidates < rows * shareOfAll
    return this.#inTurns(queries, signal, async (some) => {
      const searches = some.map((query) => ({ query, found: new BestRows(wanted, this.#order) }))
      const lists = withLibrary ? this.#candidates(some, candidates) : []
      const short = searches.filter((_, at) => (lists[at]?.length ?? -1) < wanted)
      await this.#compareAll(short)
      for (const [at, search] of searches.entries()) {
        if (!short.includes(search)) await this.#compare(search, lists[at]!)
      }
      return searches.map((search) => this.#results(search))
    })
  }

  /** Rows within the radius of each query: ever more candidates, until half of them lie outside. */
  async within(
    { queries, radii }: LibraryCalls['within']['argument'],
    signal: AbortSignal,
  ): Promise<QueryResults[]> {
    return this.#inTurns(queries, signal, async (some, first) => {
      const searches: Search[] = []
      const open: Search[] = []
      for (const [at, query] of some.entries()) {
        const least = this.#metric.signed(radii[first + at]!)
        const found = await this.#withinCandidates(query, least)
        const search = { query, found: found ?? new RowsWithin(least, this.#order) }
        searches.push(search)
        if (!found) open.push(search)
      }
      await this.#compareAll(open)
      return searches.map((search) => this.#results(search))
    })
  }

  /** SHA-256 of rows spread over the matrix. */
  async digest(): Promise<string> {
    const sample = await this.#sample(rowsInDigest)
    return createHash('sha256').update(new Uint8Array(sample.slice().buffer)).digest('hex')
  }

  /** The candidates that lie within; null where no number of candidates shows that there are no more. */
  async #withinCandidates(query: Float32Array, least: number): Promise<RowsWithin | null> {
    const { rows } = this.#settings
    for (let count = firstCandidates; count < rows * shareOfAll; count *= growth) {
      const [list] = this.#candidates([query], count)
      // The library names no more, though rows that it does not know of may lie within.
      if (!list || list.length < count) return null
      const found = new RowsWithin(least, this.#order)
      await this.#compare({ query, found }, list)
      if (2 * found.size <= count) return found
    }
    return null
  }

  #candidates(queries: readonly Float32Array[], count: number): Uint32Array[] {
    const { columns } = this.#settings
    const packed = new Float32Array(queries.length * columns)
    queries.forEach((query, at) => {
      packed.set(query, at * columns)
    })
    return this.#library.search(packed, count).map((rows) => Uint32Array.from(new Set(rows)))
  }

  /** Scores candidates. */
  async #compare({ query, found }: Search, candidates: Uint32Array): Promise<void> {
    const { columns } = this.#settings
    for (const row of candidates) {
      const vectors = await this.#rows.read(row, 1)
      const pair = { queries: query, query: 0, vectors, vector: 0, columns }
      found.offer(this.#metric.merit(pair, found.least), row)
    }
  }

  /** Scores all rows, in one pass. */
  async #compareAll(searches: readonly Search[]): Promise<void> {
    if (searches.length === 0) return
    const { columns } = this.#settings
    for await (const { start, rows, data } of this.#rows.windows()) {
      for (const { query, found } of searches) {
        const pair = { queries: query, query: 0, vectors: data, vector: 0, columns }
        for (let row = 0; row < rows; row++) {
          pair.vector = row * columns
          found.offer(this.#metric.merit(pair, found.least), start + row)
        }
      }
    }
  }

  #results({ found }: Search): QueryResults {
    const { rows, merits } = found.ranked()
    return { rows, scores: merits.map(this.#metric.signed) }
  }

  /** Answers some queries at a time, and looks in between whether to stop. */
  async #inTurns(
    queries: Float32Array,
    signal: AbortSignal,
    answer: (queries: Float32Array[], first: number) => Promise<QueryResults[]>,
  ): Promise<QueryResults[]> {
    const { columns } = this.#settings
    const results: QueryResults[] = []
    const all = Array.from({ length: queries.length / columns }, (_, query) =>
      queries.subarray(query * columns, (query + 1) * columns),
    )
    for (let start = 0; start < all.length; start += queriesAtOnce) {
      await setImmediate()
      signal.throwIfAborted()
      results.push(...(await answer(all.slice(start, start + queriesAtOnce), start)))
    }
    return results
  }

  async #sample(count: number): Promise<Float32Array> {
    const { rows, columns } = this.#settings
    const taken = Math.min(count, rows)
    const sample = new Float32Array(taken * columns)
    for (let at = 0; at < taken; at++) {
      const row = Math.floor((at * rows) / taken)
      sample.set(await this.#rows.read(row, 1), at * columns)
    }
    return sample
  }
}
