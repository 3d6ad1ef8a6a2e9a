import { openParquet } from './open-parquet.js'
import { type ParquetLimits, parquetLimits } from './parquet-limits.js'

/** How a parquet file is read. */
export interface ReadParquetOptions {
  /** Columns to read. Default: all. */
  readonly columns?: readonly string[]
  /** Number of the first row to read, from 0. Default: 0. */
  readonly first?: number
  /** Limits other than {@link parquetLimits}. */
  readonly limits?: Partial<ParquetLimits>
}

/** A row by column name: text, number, bigint (64-bit integers), Date, bytes, lists; null if missing. */
export type ParquetRow = Readonly<Record<string, unknown>>

/**
 * The rows of a parquet file in order, decoded a row group at a time in a process of its own, which
 * a hostile file cannot make ours wait for or crash. Columns without a text annotation are bytes.
 *
 * @throws AssayError `MALFORMED_PARQUET` and `LIMIT_EXCEEDED` with file and row (from 0),
 *   `INVALID_ARGUMENT` (no such column), `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function* readParquet(
  path: string,
  { columns, first, limits }: ReadParquetOptions = {},
): AsyncGenerator<ParquetRow> {
  const file = await openParquet(path, columns ?? null, { ...parquetLimits, ...limits })
  try {
    for (const range of file.ranges(first)) {
      const cells = [...(await file.read(range))]
      for (let row = 0; row < range.count; row++) {
        yield Object.fromEntries(cells.map(([name, values]) => [name, values[row] ?? null]))
      }
    }
  } finally {
    file.close()
  }
}
