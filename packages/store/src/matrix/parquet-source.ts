import { AssayError } from '@assay/core'
import type { VectorBytes } from '../parquet/decoder-protocol.js'
import { openParquet, type ParquetFile, type RowRange } from '../parquet/open-parquet.js'
import type { ParquetLimits } from '../parquet/parquet-limits.js'
import { matrixForm } from './matrix-form.js'
import type { MatrixSource } from './matrix-source.js'
import { distinctIds } from './row-ids.js'

/** Which columns of a parquet file make a matrix. */
export interface ParquetColumns {
  /** Column of lists of numbers, or of bytes. */
  readonly vectors: string
  /** How the numbers stand in a column of bytes. Default: the column holds lists. */
  readonly bytes?: VectorBytes
  /** Column of ids. Default: none, the row number is the id. */
  readonly ids?: string
}

const malformed = (path: string, reason: string, row: number) =>
  new AssayError({
    code: 'MALFORMED_PARQUET',
    message: `${path}, row ${row}, ${reason}.`,
    value: reason,
    remedy: 'Leave the row out, or write the file again.',
    location: { file: path, row },
  })

async function readIds(file: ParquetFile, path: string, column: string): Promise<string[]> {
  const ids: string[] = []
  for (const range of file.ranges()) {
    const cells = (await file.read(range, [column])).get(column)
    for (let at = 0; at < range.count; at++) {
      const id = cells?.[at]
      const isId = typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint'
      if (!isId) throw malformed(path, 'has no id', range.start + at)
      ids.push(String(id))
    }
  }
  return ids
}

/** The parts of a run of rows that no two row groups share. */
function* partsOf(file: ParquetFile, start: number, count: number): Generator<RowRange> {
  for (const range of file.ranges()) {
    const first = Math.max(start, range.start)
    const end = Math.min(start + count, range.start + range.count)
    if (first < end) yield { start: first, count: end - first }
  }
}

async function sourceOf(
  file: ParquetFile,
  path: string,
  { vectors, bytes = null, ids }: Omit<ParquetColumns, 'bytes'> & { bytes?: VectorBytes | null },
): Promise<MatrixSource> {
  const [first] = file.ranges()
  if (first === undefined) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: `${path} has no rows.`,
      remedy: 'Name a file with at least one vector.',
      location: { file: path },
    })
  }
  const { columns } = await file.vectors(vectors, bytes, { start: first.start, count: 1 })
  const origin = { path, code: 'MALFORMED_PARQUET' } as const
  const { metadata, rows } = file
  const normalized = metadata.get(matrixForm.normalized)
  return {
    rows,
    columns,
    type: bytes ?? 'float32',
    ids: ids === undefined ? null : distinctIds(await readIds(file, path, ids), rows, origin),
    normalized: normalized === undefined ? null : normalized === 'true',
    fingerprint: metadata.get(matrixForm.fingerprint) ?? null,
    metadata,
    region: null,
    async read(start, count) {
      const values = new Float32Array(count * columns)
      for (const part of partsOf(file, start, count)) {
        const found = await file.vectors(vectors, bytes, part)
        if (found.columns !== columns) {
          throw malformed(path, `holds ${found.columns} values, not ${columns}`, part.start)
        }
        values.set(found.data, (part.start - start) * columns)
      }
      return values
    },
    close: async () => file.close(),
  }
}

/**
 * The rows of a column of a parquet file.
 *
 * @throws AssayError `MALFORMED_PARQUET` with the row, `LIMIT_EXCEEDED`, `INVALID_ARGUMENT` (no such
 *   column), `EMPTY_INPUT`, `DUPLICATE_ID`
 */
export async function parquetSource(
  path: string,
  chosen: ParquetColumns,
  limits: ParquetLimits,
): Promise<MatrixSource> {
  const columns = chosen.ids === undefined ? [chosen.vectors] : [chosen.vectors, chosen.ids]
  const file = await openParquet(path, columns, limits)
  try {
    return await sourceOf(file, path, chosen)
  } catch (error) {
    file.close()
    throw error
  }
}
