import { readParquet } from '@assay/store/archives'
import type { LabelRow } from './label-row.js'
import { type Labels, LabelTable, type LabelTableOptions } from './label-table.js'
import { readCsv } from './read-csv.js'
import { readJsonl } from './read-jsonl.js'

/** The rows of a table: .parquet, .csv, or else JSONL. */
export function readLabelRows(path: string, columns?: readonly string[]): AsyncGenerator<LabelRow> {
  if (/\.parquet$/i.test(path)) return parquetRows(path, columns)
  return /\.csv$/i.test(path) ? readCsv(path) : readJsonl(path)
}

async function* parquetRows(path: string, columns?: readonly string[]): AsyncGenerator<LabelRow> {
  let number = 0
  for await (const row of readParquet(path, columns ? { columns } : {})) {
    yield { file: path, number: ++number, values: new Map(Object.entries(row)) }
  }
}

/**
 * The labels of a table, joined to the features by id, or row by row where the features have none.
 *
 * @throws AssayError `MALFORMED_METADATA` (with file and line), `DUPLICATE_ID`, `SHAPE_MISMATCH`
 *   (no id in common), `LIMIT_EXCEEDED`, `FILE_MISSING`
 */
export async function readLabels(path: string, options: LabelTableOptions): Promise<Labels> {
  const table = new LabelTable(path, options)
  for await (const row of readLabelRows(path)) table.add(row)
  return table.finish()
}
