import type { ParquetCells } from './decoder-protocol.js'
import { openParquet } from './open-parquet.js'
import { type ParquetLimits, parquetLimits } from './parquet-limits.js'

/** What a parquet file says that it holds. */
export interface ParquetDescription {
  readonly rows: number
  /** What the cells of each column are, in the file's order. */
  readonly columns: ReadonlyMap<string, ParquetCells>
}

/**
 * Rows and columns of a parquet file, by its footer alone.
 *
 * @throws AssayError as `readParquet` does
 */
export async function describeParquet(
  path: string,
  { limits }: { readonly limits?: Partial<ParquetLimits> } = {},
): Promise<ParquetDescription> {
  const file = await openParquet(path, null, { ...parquetLimits, ...limits })
  file.close()
  return { rows: file.rows, columns: file.cells }
}
