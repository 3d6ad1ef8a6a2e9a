import { type FileHandle, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import type { MatrixFileOptions, ParquetColumns, RawLayout } from '@assay/store'
import { createFeatureSource } from '../../features/create-feature-source.js'
import type { FeatureSource } from '../../features/feature-source.js'
import { inspectBlock } from '../../features/inspect-block.js'
import { openShardedRows } from '../features/sharded-rows.js'
import { openStoredRows, type StoredRows } from '../features/stored-rows.js'
import { bergsonFiles, bergsonLayout } from './bergson-layout.js'
import { readTextMatrix } from './read-text-matrix.js'

/** What files of gradients do not say themselves. */
export interface OpenGradientsOptions {
  /** Shape of files without a header, such as the shards of D-TRAK and DAS. Default: they have one. */
  readonly raw?: RawLayout
  /** Tensor of a safetensors file. Default: `vectors`, or the only one. */
  readonly tensor?: string
  /** Columns of a parquet file; must be given for one. */
  readonly parquet?: ParquetColumns
  /** One distinct id a row, where the files have none. Default: null, the row number. */
  readonly ids?: readonly string[]
  /** Field of JSONL objects that holds the numbers. Default: `vector` */
  readonly vectorField?: string
  /** Field or column of JSONL and CSV that holds the id. Default: `id`, where there is one. */
  readonly idField?: string
}

/** Gradients in files, as a feature source. Close them when they are no longer read. */
export interface GradientFile extends FeatureSource {
  close(): Promise<void>
}

/**
 * Opens gradients, or any other vectors that are to be read block by block: npy (whatever the file is
 * called, such as the `.mmap` of TRAK), safetensors, parquet, numbers without a header whose shape is
 * given (whatever the file is called, such as the `.npy` of D-TRAK and DAS), a folder of bergson, JSONL
 * and CSV. Formats are told apart by content, never by name. Several files follow each other row by row.
 * Numbers are read as float32; text is read into memory.
 *
 * @throws AssayError `MALFORMED_MATRIX_FILE` for a file without a header whose shape is not given, or of
 *   another size than given; `MALFORMED_NPY`, `MALFORMED_SAFETENSORS`, `MALFORMED_PARQUET`,
 *   `MALFORMED_METADATA`, `FILE_MISSING`, `FILE_READ_FAILED`, `EMPTY_INPUT`, `SHAPE_MISMATCH`,
 *   `DUPLICATE_ID`, `INVALID_ARGUMENT`, `UNSUPPORTED_FORMAT`, `LIMIT_EXCEEDED`; its `blocks` also
 *   `NOT_FINITE` with row and id
 */
export async function openGradients(
  paths: string | readonly string[],
  options: OpenGradientsOptions = {},
): Promise<GradientFile> {
  const stored = await openRows(typeof paths === 'string' ? [paths] : paths, options)
  const ids = stored.ids ?? options.ids ?? null
  try {
    const { rows, columns } = stored
    const source = createFeatureSource({
      ...{ rows, columns, ids, normalized: false, fingerprint: null },
      groups: new Map(),
      mirrored: false,
      read: async (firstRow, count) => {
        const matrix = await stored.read(firstRow, count)
        const some = ids?.slice(firstRow, firstRow + count) ?? null
        return inspectBlock({ firstRow, matrix: { ...matrix, ids: some }, mirrored: null })
      },
    })
    return { ...source, close: () => stored.close() }
  } catch (error) {
    await stored.close()
    throw error
  }
}

async function openRows(
  paths: readonly string[],
  options: OpenGradientsOptions,
): Promise<StoredRows> {
  const { raw, tensor, parquet } = options
  const layout: MatrixFileOptions = {
    // A gradient may happen to have unit length; nothing is said or checked of it.
    normalized: false,
    ...(raw && { raw }),
    ...(tensor !== undefined && { tensor }),
    ...(parquet && { parquet }),
  }
  const [path, ...others] = paths
  if (path === undefined) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no file of gradients.',
      value: 0,
      remedy: 'Name at least one.',
    })
  }
  if (others.length > 0) return openShardedRows(paths, layout)
  if (await isFolder(path)) {
    const bergson = { ...layout, raw: await bergsonLayout(path) }
    return openStoredRows(join(path, bergsonFiles.gradients), bergson)
  }
  if (raw || !(await isText(path))) return openStoredRows(path, layout)
  return readTextMatrix(path, options)
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

const headBytes = 4096
/** What text holds below the space: tabs, line feeds and carriage returns. */
const textControls = [0x09, 0x0a, 0x0d]

/** Whether a file starts as text does; one that cannot be read is for others to complain of. */
async function isText(path: string): Promise<boolean> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const head = buffer.subarray(0, bytesRead)
    if (head.length === 0 || head.some((byte) => byte < 0x20 && !textControls.includes(byte))) {
      return false
    }
    // As a stream: the last character may be cut.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  } finally {
    await file?.close()
  }
}
