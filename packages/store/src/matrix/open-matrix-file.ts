import { type FileHandle, open as openFile } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { readError } from '../files/file-error.js'
import { readInto } from '../files/read-into.js'
import { type ParquetLimits, parquetLimits } from '../parquet/parquet-limits.js'
import { type MatrixFile, type MatrixLabels, matrixFile } from './matrix-file.js'
import type { MatrixSource } from './matrix-source.js'
import { npySource } from './npy-source.js'
import { type ParquetColumns, parquetSource } from './parquet-source.js'
import { type RawLayout, rawSource } from './raw-source.js'
import { safetensorsSource } from './safetensors-source.js'

/** What a matrix file does not say itself. */
export interface MatrixFileOptions extends MatrixLabels {
  /** Shape of a file without a header. Default: the file has a header. */
  readonly raw?: RawLayout
  /** Tensor of a safetensors file. Default: `vectors`, or the only one. */
  readonly tensor?: string
  /** Columns of a parquet file; must be given for one. */
  readonly parquet?: ParquetColumns
  /** Limits of the parquet decoder other than the defaults. */
  readonly limits?: Partial<ParquetLimits>
}

const npyMagic = Buffer.from('\x93NUMPY', 'latin1')
const parquetMagic = Buffer.from('PAR1')

type Format = 'npy' | 'parquet' | 'safetensors' | null

/** The format by content: names lie, as headerless `.npy` and `.mmap` with a header show. */
async function formatOf(file: FileHandle): Promise<Format> {
  const head = Buffer.alloc(9)
  const found = head.subarray(0, await readInto(file, head, 0))
  if (found.subarray(0, npyMagic.length).equals(npyMagic)) return 'npy'
  if (found.subarray(0, parquetMagic.length).equals(parquetMagic)) return 'parquet'
  // A header's length, below 2^32, and the brace that opens it.
  return found.length === 9 && found.readUInt32LE(4) === 0 && found[8] === 0x7b
    ? 'safetensors'
    : null
}

function wrongFormat(path: string, message: string, remedy: string): AssayError {
  return new AssayError({
    code: 'MALFORMED_MATRIX_FILE',
    message: `${path} ${message}.`,
    value: path,
    remedy,
    location: { file: path },
  })
}

async function openSource(
  file: FileHandle,
  path: string,
  { raw, tensor, parquet, limits }: MatrixFileOptions,
): Promise<MatrixSource> {
  const format = await formatOf(file)
  if (raw && (format === 'npy' || format === 'parquet')) {
    throw wrongFormat(path, `is a file of ${format}`, 'Leave out `raw`: the file says its shape.')
  }
  if (raw) return rawSource(file, path, raw)
  if (format === 'npy') return npySource(file, path)
  if (format === 'safetensors' || path.endsWith('.safetensors'))
    return safetensorsSource(file, path, tensor)
  if (format === null) {
    const message = 'starts neither as npy, safetensors nor parquet does'
    throw wrongFormat(
      path,
      message,
      'If it is headerless, give its shape: `raw: { columns, type }`.',
    )
  }
  if (!parquet) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `${path} is a parquet file, whose column of vectors must be named.`,
      value: path,
      remedy: 'Pass `parquet: { vectors, ids }`, the names of its columns.',
      location: { file: path },
    })
  }
  await file.close()
  return parquetSource(path, parquet, { ...parquetLimits, ...limits })
}

/**
 * Opens a matrix file: npy, safetensors or parquet, known by its content, or numbers without a header
 * whose shape is given. A one-dimensional array is one row. Numbers are read as float32.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`; `MALFORMED_NPY`, `MALFORMED_SAFETENSORS`,
 *   `MALFORMED_PARQUET` or `MALFORMED_MATRIX_FILE` with the row as far as it is known;
 *   `UNSUPPORTED_FORMAT`, `LIMIT_EXCEEDED`, `INVALID_ARGUMENT`, `DUPLICATE_ID`, `SHAPE_MISMATCH`,
 *   `FINGERPRINT_MISMATCH`
 */
export async function openMatrixFile(
  path: string,
  options: MatrixFileOptions = {},
): Promise<MatrixFile> {
  let open: { close(): Promise<void> } | undefined
  try {
    const file = await openFile(path, 'r')
    open = file
    const source = await openSource(file, path, options)
    open = source
    return matrixFile(path, source, options)
  } catch (error) {
    await open?.close()
    throw readError(path, error)
  }
}
