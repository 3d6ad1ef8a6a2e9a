import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { readError } from '../files/file-error.js'
import { sha256File } from '../files/sha256.js'
import type { MatrixRegion, MatrixSource, NumberType } from './matrix-source.js'
import { distinctIds } from './row-ids.js'

/** What a caller knows of the rows and their file may not say. */
export interface MatrixLabels {
  /** One distinct id a row, where the file has none. Default: null, the row number is the id. */
  readonly ids?: readonly string[]
  /** Whether every row has unit length, where the file does not say. Default: false. */
  readonly normalized?: boolean
  /** The space of the vectors; must be the file's own where that says one. Default: not known. */
  readonly fingerprint?: string
}

/** A matrix in a file, read in parts: it may be larger than the memory. */
export interface MatrixFile {
  readonly path: string
  readonly rows: number
  readonly columns: number
  /** How the file stores its numbers; they are read as float32. */
  readonly type: NumberType
  readonly ids: readonly string[] | null
  readonly normalized: boolean
  readonly fingerprint: string | null
  /** Texts that the writer left in the file. */
  readonly metadata: ReadonlyMap<string, string>
  /** Where the rows stand as float32, for those who read them on their own; null where they do not. */
  readonly region: MatrixRegion | null
  /**
   * Some rows, with their ids. Default: all from `start` (0) on.
   *
   * @throws AssayError `INVALID_ARGUMENT` (out of range), `NOT_FINITE` (a float64 beyond float32),
   *   `MALFORMED_PARQUET`, `FILE_READ_FAILED`
   */
  read(range?: { readonly start?: number; readonly count?: number }): Promise<Matrix>
  /** All rows in order, `rows` at a time (by default about 16 MiB). Throws as `read` does. */
  blocks(options?: { readonly rows?: number }): AsyncIterable<Matrix>
  /** SHA-256 of the file, 64 hexadecimal digits. */
  sha256(): Promise<string>
  close(): Promise<void>
}

const blockBytes = 16 * 2 ** 20

/** What the file says, completed by what the caller says. */
function labelsOf(path: string, source: MatrixSource, options: MatrixLabels) {
  const { columns } = source
  const { fingerprint = null, normalized = false } = options
  assertComparable(source, { columns, fingerprint })
  const origin = { path, code: 'SHAPE_MISMATCH' } as const
  const ids = options.ids ? distinctIds(options.ids, source.rows, origin) : null
  return {
    ids: source.ids ?? ids,
    normalized: source.normalized ?? normalized,
    fingerprint: source.fingerprint ?? fingerprint,
  }
}

function outOfRange(path: string, rows: number, value: unknown): AssayError {
  return new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${path} has rows 0 to ${rows - 1}; ${JSON.stringify(value)} is out of range.`,
    value,
    remedy: 'Pass whole numbers within the rows of the file.',
    location: { file: path },
  })
}

/**
 * The matrix file of a source.
 *
 * @throws AssayError `FINGERPRINT_MISMATCH`, `SHAPE_MISMATCH`, `DUPLICATE_ID`
 */
export function matrixFile(path: string, source: MatrixSource, options: MatrixLabels): MatrixFile {
  const { rows, columns, type, metadata, region } = source
  const labels = labelsOf(path, source, options)

  async function read(range: { start?: number; count?: number } = {}): Promise<Matrix> {
    const { start = 0, count = rows - start } = range
    const valid = Number.isSafeInteger(start) && Number.isSafeInteger(count)
    if (!valid || start < 0 || count < 0 || start + count > rows) {
      throw outOfRange(path, rows, { start, count })
    }
    const data = await source.read(start, count).catch((error: unknown) => {
      throw readError(path, error)
    })
    const ids = labels.ids?.slice(start, start + count) ?? null
    return { data, rows: count, columns, ...labels, ids }
  }

  async function* blocks({ rows: step = Math.ceil(blockBytes / (columns * 4)) } = {}) {
    if (!Number.isSafeInteger(step) || step < 1) throw outOfRange(path, rows, { rows: step })
    for (let start = 0; start < rows; start += step) {
      yield await read({ start, count: Math.min(step, rows - start) })
    }
  }

  return {
    path,
    rows,
    columns,
    type,
    ...labels,
    metadata,
    region,
    read,
    blocks,
    sha256: () => sha256File(path),
    close: () => source.close(),
  }
}
