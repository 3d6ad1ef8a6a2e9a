import { AssayError } from '@assay/core'
import type { Pruning } from '../search-task/prunable-rows.js'
import type { ExactIndexOptions } from './create-exact-index.js'

/**
 * How an exact index searches by radius. Rows can be put into cells (k-means), most of which are then
 * ruled out by their distance from the query.
 */
export interface RadiusSearchOptions {
  /**
   * `scan`: look at all rows, without cells. `prune`: look only at rows that cells leave.
   * `faster`: make cells, and take for each query the road that measured times and its number of
   * candidates make the quicker one. Default: `faster` from 50,000 rows in memory on, else `scan`.
   */
  readonly road?: 'faster' | 'prune' | 'scan'
  /**
   * Whether cells are made with the index. Default: `prune` makes them in the first search by radius,
   * `faster` once scans have been as much work as making them is.
   */
  readonly eager?: boolean
  /** Number of cells. Default: twice the square root of the number of rows. */
  readonly cells?: number
  /** Seed of the rows that cells start from. Default 1. */
  readonly seed?: number
}

/** Fewer rows are scanned in about a millisecond. */
const rowsWorthCells = 50_000

/**
 * How the rows of an index are to be pruned, or null where they are not.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a number of cells that cannot be, or for cells of streamed rows
 */
export function pruningOf({
  vectors,
  stream = false,
  radiusSearch = {},
}: Pick<ExactIndexOptions, 'vectors' | 'stream' | 'radiusSearch'>): Pruning | null {
  const { cells = Math.ceil(2 * Math.sqrt(vectors.rows)), seed = 1, eager = false } = radiusSearch
  const streams = stream && !('data' in vectors)
  const byDefault = !streams && vectors.rows >= rowsWorthCells ? 'faster' : 'scan'
  const { road = byDefault } = radiusSearch
  if (road === 'scan') return null
  if (streams) throw invalid('Rows that stay on disk cannot be put into cells.', road)
  if (Number.isSafeInteger(cells) && (cells >= 1 || vectors.rows === 0)) {
    return { cells, seed, eager, always: road === 'prune' }
  }
  throw invalid(`There cannot be ${cells} cells.`, cells)
}

const invalid = (message: string, value: unknown) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message,
    value,
    remedy: "Give a whole number of cells from 1; for a streamed file, choose road: 'scan'.",
  })
