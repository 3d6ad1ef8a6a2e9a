import { readFile } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { decodeFloat16, parseNpy } from '@assay/core/formats'
import type { RowVectors } from '@assay/core/linear-algebra'

/**
 * A table of numbers from an .npy file, of any type that numpy counts with, in float64. One dimension is
 * one column.
 *
 * @throws AssayError `FILE_MISSING`, `MALFORMED_NPY`, `UNSUPPORTED_FORMAT`
 */
export async function readTable(path: string): Promise<RowVectors & { data: Float64Array }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AssayError({
      code: 'FILE_MISSING',
      message: `The table ${path} cannot be read.`,
      value: path,
      remedy: 'Name an .npy file.',
      location: { file: path },
      cause,
    })
  })
  const { type, dims, data } = parseNpy(bytes, { file: path })
  const [rows = 1, columns = 1, ...others] = dims
  if (others.length > 0) {
    throw new AssayError({
      code: 'UNSUPPORTED_FORMAT',
      message: `${path} holds an array of shape (${dims.join(', ')}), which is no table.`,
      value: dims,
      remedy: 'Save it with rows and columns.',
      location: { file: path },
    })
  }
  const values = type === 'float16' ? decodeFloat16(data) : data
  return { data: Float64Array.from(values, Number), rows, columns }
}
