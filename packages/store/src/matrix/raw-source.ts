import type { FileHandle } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { type BinaryLayout, bytesPerNumber } from './binary-rows.js'
import { assertFilled, binarySource, numberType } from './binary-source.js'
import type { MatrixSource, NumberType } from './matrix-source.js'

/** The shape of a file that does not say it: numbers row after row, little-endian. */
export interface RawLayout {
  /** Numbers a row. */
  readonly columns: number
  /** Rows. Default: as many as the file holds. */
  readonly rows?: number
  /** How the numbers are stored. Default: `float32`. */
  readonly type?: NumberType
  /** Bytes before the first row. Default: 0. */
  readonly offset?: number
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0

/**
 * The rows of a file without a header.
 *
 * @throws AssayError `INVALID_ARGUMENT` (the layout), `MALFORMED_MATRIX_FILE` (another size)
 */
export async function rawSource(
  file: FileHandle,
  path: string,
  raw: RawLayout,
): Promise<MatrixSource> {
  const { columns, offset = 0 } = raw
  const type = numberType(path, raw.type ?? 'float32')
  const { size } = await file.stat()
  const rowBytes = columns * bytesPerNumber(type)
  const { rows = Math.floor(Math.max(0, size - offset) / rowBytes) } = raw
  if (!isCount(columns) || columns === 0 || !isCount(offset) || !isCount(rows)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `${path} cannot hold ${rows} rows of ${columns} numbers from byte ${offset} on.`,
      value: raw,
      remedy: 'Give whole numbers, and at least 1 column.',
      location: { file: path },
    })
  }
  const layout: BinaryLayout = {
    offset,
    rows,
    columns,
    type,
    fortranOrder: false,
    bigEndian: false,
  }
  assertFilled(path, layout, { size, code: 'MALFORMED_MATRIX_FILE' })
  return binarySource(file, path, { layout })
}
