import type { FileHandle } from 'node:fs/promises'
import { npyLimits, parseNpyHeader } from '@assay/core/formats'
import { readInto } from '../files/read-into.js'
import type { BinaryLayout } from './binary-rows.js'
import { assertFilled, binarySource, numberType, rowsAndColumns } from './binary-source.js'
import type { MatrixSource } from './matrix-source.js'

/**
 * The rows of an npy file.
 *
 * @throws AssayError `MALFORMED_NPY`, `UNSUPPORTED_FORMAT`, `LIMIT_EXCEEDED`
 */
export async function npySource(file: FileHandle, path: string): Promise<MatrixSource> {
  const head = new Uint8Array(npyLimits.headerBytes)
  const length = await readInto(file, head, 0)
  const header = parseNpyHeader(head.subarray(0, length), { file: path })
  const [rows, columns] = rowsAndColumns(path, header.shape)
  const layout: BinaryLayout = {
    offset: header.dataOffset,
    rows,
    columns,
    type: numberType(path, header.type),
    fortranOrder: header.fortranOrder,
    bigEndian: header.bigEndian,
  }
  assertFilled(path, layout, { size: (await file.stat()).size, code: 'MALFORMED_NPY' })
  return binarySource(file, path, { layout })
}
