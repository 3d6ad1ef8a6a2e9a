import { AssayError } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'
import { type FeatureMapping, gatherRows, type UnitViews } from '../scores/unit-rows.js'

/** What becomes of pictures of the pool that show what an exemplar shows. */
export interface DuplicateOptions {
  /** Rows of the pool that show what each exemplar shows, as `findDuplicateRows` gives. */
  readonly rows: readonly DuplicateRows[]
  /**
   * `exclude` leaves the duplicates of a query's exemplars out of its pool; `count` lets an exemplar
   * count as found where the best of it and its duplicates stands.
   */
  readonly treatment: 'exclude' | 'count'
}

/** The rows of the pool that show what one exemplar shows. */
export interface DuplicateRows {
  /** Row of the exemplar. */
  readonly exemplar: number
  /** Rows of the pool. */
  readonly pool: readonly number[]
}

/** Rows of the pool that show what exemplars show, in memory. */
export interface PoolDuplicates {
  readonly rows: UnitViews
  /** Numbers among `rows` of the duplicates of each exemplar, by the exemplar's row. */
  readonly ofExemplar: ReadonlyMap<number, readonly number[]>
  /** Whether a duplicate stands in for its exemplar; otherwise it is left out of the pool. */
  readonly standIn: boolean
}

/**
 * The duplicates' features in memory; null where there are none.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a row that the pool or the exemplars do not have
 */
export async function gatherDuplicates(options: {
  readonly pool: FeatureSource
  readonly exemplars: FeatureSource
  readonly duplicates?: DuplicateOptions
  /** Rows of the pool that count for no query. */
  readonly leftOut: ReadonlySet<number>
  readonly map: FeatureMapping
  readonly signal?: AbortSignal | undefined
}): Promise<PoolDuplicates | null> {
  const { pool, exemplars, duplicates, leftOut, map, signal } = options
  if (!duplicates) return null
  for (const { exemplar, pool: rows } of duplicates.rows) {
    assertRow(exemplar, exemplars.rows, 'exemplars')
    for (const row of rows) assertRow(row, pool.rows, 'pool')
  }
  const named = duplicates.rows.flatMap(({ pool: rows }) => rows.filter((row) => !leftOut.has(row)))
  const rows = [...new Set(named)].sort((a, b) => a - b)
  if (rows.length === 0) return null
  const place = new Map(rows.map((row, at) => [row, at]))
  const ofExemplar = new Map(
    duplicates.rows.map(({ exemplar, pool: own }) => [
      exemplar,
      own.flatMap((row) => place.get(row) ?? []),
    ]),
  )
  const gathered = await gatherRows({ source: pool, map, rows, signal })
  return { rows: gathered, ofExemplar, standIn: duplicates.treatment === 'count' }
}

function assertRow(row: number, rows: number, what: string): void {
  if (Number.isInteger(row) && row >= 0 && row < rows) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The duplicates name row ${row} of the ${what}, which have ${rows} rows.`,
    value: row,
    remedy: 'Find the duplicates in the same pool and exemplars (findDuplicateRows).',
  })
}
