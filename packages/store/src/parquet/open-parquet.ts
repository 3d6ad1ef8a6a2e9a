import { open } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { readError } from '../files/file-error.js'
import { DecoderProcess } from './decoder-process.js'
import type { Cells, ParquetSummary, RowGroup, VectorBytes, Vectors } from './decoder-protocol.js'
import type { ParquetLimits } from './parquet-limits.js'

/** A run of rows that one answer of the decoder holds. */
export interface RowRange {
  readonly start: number
  readonly count: number
}

/** A parquet file whose decoder is running. */
export interface ParquetFile extends ParquetSummary {
  /** The rows from `first` on, by default all, in runs of about 8 MiB, none across two row groups. */
  ranges(first?: number): Generator<RowRange>
  /** Some of the chosen columns; by default all. */
  read(range: RowRange, columns?: readonly string[]): Promise<Cells>
  vectors(column: string, bytes: VectorBytes | null, range: RowRange): Promise<Vectors>
  close(): void
}

const magic = Buffer.from('PAR1')
const tailBytes = 8
const rangeBytes = 8 * 2 ** 20

function malformed(path: string, reason: string): AssayError {
  return new AssayError({
    code: 'MALFORMED_PARQUET',
    message: `${path} ${reason}.`,
    value: path,
    remedy: 'Fetch or write the file again.',
    location: { file: path },
  })
}

/** Throws unless the file starts and ends as parquet does, with a footer of a size that we accept. */
async function assertFramed(path: string, { footerBytes }: ParquetLimits): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const head = Buffer.alloc(magic.length)
    const tail = Buffer.alloc(tailBytes)
    await file.read(head, 0, head.length, 0)
    await file.read(tail, 0, tail.length, Math.max(0, size - tailBytes))
    if (!head.equals(magic)) throw malformed(path, 'does not start as a parquet file does')
    if (size < magic.length + tailBytes || !tail.subarray(4).equals(magic)) {
      throw malformed(path, 'does not end as a parquet file does: it is cut off')
    }
    const footer = tail.readUInt32LE(0)
    if (footer > size - magic.length - tailBytes) throw malformed(path, 'has an impossible footer')
    if (footer <= footerBytes) return
    throw new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `${path} has a footer of ${footer} bytes, more than ${footerBytes}.`,
      value: footer,
      remedy: 'Raise the limit if you trust it.',
      location: { file: path },
    })
  } finally {
    await file.close()
  }
}

function* rangesOf(groups: readonly RowGroup[], first: number): Generator<RowRange> {
  for (const { start, rows, bytes } of groups) {
    const step = Math.max(1, Math.floor((rangeBytes / Math.max(1, bytes)) * rows))
    for (let row = Math.max(first, start); row < start + rows; row += step) {
      yield { start: row, count: Math.min(step, start + rows - row) }
    }
  }
}

/**
 * Opens a parquet file with a decoder of its own.
 *
 * @param columns columns to read; null for all
 * @throws AssayError `MALFORMED_PARQUET`, `LIMIT_EXCEEDED`, `INVALID_ARGUMENT` (no such column),
 *   `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function openParquet(
  path: string,
  columns: readonly string[] | null,
  limits: ParquetLimits,
): Promise<ParquetFile> {
  await assertFramed(path, limits).catch((error: unknown) => {
    throw readError(path, error)
  })
  const decoder = new DecoderProcess(path, limits)
  const { groupBytes } = limits
  try {
    const summary = await decoder.ask({ kind: 'open', path, columns, groupBytes })
    return {
      ...summary,
      ranges: (first = 0) => rangesOf(summary.groups, first),
      read: (range, columns = summary.columns) =>
        decoder.ask({ kind: 'rows', columns, ...range }, range.start),
      vectors: (column, bytes, range) =>
        decoder.ask({ kind: 'vectors', column, bytes, ...range }, range.start),
      close: () => decoder.close(),
    }
  } catch (error) {
    decoder.close()
    throw error
  }
}
