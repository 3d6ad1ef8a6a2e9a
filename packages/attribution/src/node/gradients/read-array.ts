import { AssayError, type Tensor } from '@assay/core'
import { decodeFloat16, parseNpy } from '@assay/core/formats'
import { readBytes } from './read-bytes.js'

const readNpy = async (path: string): Promise<Tensor> =>
  parseNpy(await readBytes(path), { file: path })

function refused(path: string, reason: string, value: unknown): AssayError {
  return new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${path} holds ${reason}.`,
    value,
    remedy: 'Convert it with numpy and save it again with numpy.save.',
    location: { file: path },
  })
}

/**
 * One number an item from an npy file of floats: an array of one dimension, or of one column or one row, for
 * instance losses, residuals or `out_to_loss.mmap` of TRAK.
 *
 * @throws AssayError `MALFORMED_NPY`, `UNSUPPORTED_FORMAT` (another shape or type), `LIMIT_EXCEEDED`,
 *   `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function readVector(path: string): Promise<Float64Array> {
  const { type, dims, data } = await readNpy(path)
  const isVector = dims.length >= 1 && dims.filter((length) => length !== 1).length <= 1
  if (!isVector)
    throw refused(path, `an array of shape (${dims.join(', ')}), not one number an item`, dims)
  if (type === 'float16') return Float64Array.from(decodeFloat16(data))
  if (type === 'float32' || type === 'float64') return Float64Array.from(data)
  throw refused(path, `values of type ${type}, not floats`, type)
}

/**
 * A teacher's rankings from an npy file of whole numbers: a row a query, its training pictures by number,
 * most influential first. The pickles of FastGDA are turned into one by
 * `numpy.save('ranks.npy', pickle.load(open('influence.pkl', 'rb'))['random']['rank'])`.
 *
 * @throws AssayError `MALFORMED_NPY`, `UNSUPPORTED_FORMAT` (another shape or type), `LIMIT_EXCEEDED`,
 *   `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function readRankings(path: string): Promise<readonly Uint32Array[]> {
  const { type, dims, data } = await readNpy(path)
  const [rows, columns] = dims
  if (dims.length !== 2 || rows === undefined || columns === undefined) {
    throw refused(path, `an array of shape (${dims.join(', ')}), not a row a query`, dims)
  }
  if (type !== 'int32' && type !== 'int64') {
    throw refused(path, `values of type ${type}, not whole numbers`, type)
  }
  return Array.from({ length: rows }, (_, row) => {
    const ranking = data.subarray(row * columns, (row + 1) * columns)
    return Uint32Array.from(ranking as ArrayLike<number | bigint>, (item) => {
      const number = Number(item)
      if (number >= 0 && number < 2 ** 32) return number
      throw refused(path, `${item} in row ${row}, which is the number of no item`, number)
    })
  })
}
