import { npyMagic, npyNames } from './npy-header.js'
import { bytesPerValue, type ElementType } from './tensor-bytes.js'

/**
 * The header that stands before the values of an npy file (version 1, little-endian).
 *
 * @param header.fortranOrder whether the first index will run fastest. Default: false
 * @returns bytes whose number is a multiple of 64
 */
export function writeNpyHeader(header: {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly fortranOrder?: boolean
}): Uint8Array {
  const { type, shape, fortranOrder = false } = header
  const order = bytesPerValue(type) === 1 ? '|' : '<'
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const flag = fortranOrder ? 'True' : 'False'
  const text = `{'descr': '${order}${npyNames[type]}', 'fortran_order': ${flag}, 'shape': ${tuple}, }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64
  const bytes = new Uint8Array(length).fill(0x20)
  bytes.set([...npyMagic, 1, 0])
  new DataView(bytes.buffer).setUint16(8, length - 10, true)
  bytes.set(new TextEncoder().encode(text), 10)
  bytes[length - 1] = 0x0a
  return bytes
}
