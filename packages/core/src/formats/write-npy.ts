import type { Tensor } from '../contracts/engine.js'
import { reverseAxes } from './reverse-axes.js'
import { bytesOfTensor, bytesPerValue } from './tensor-bytes.js'
import { writeNpyHeader } from './write-npy-header.js'

/**
 * The bytes of an npy file (version 1, little-endian).
 *
 * @param tensor values in C order, float16 as bits
 * @param options.fortranOrder whether to store the first index fastest. Default: false
 * @throws AssayError `SHAPE_MISMATCH` where values and dimensions do not fit
 */
export function writeNpy(
  tensor: Tensor,
  options: { readonly fortranOrder?: boolean } = {},
): Uint8Array {
  const { type, dims } = tensor
  const ordered = bytesOfTensor(tensor)
  const values = options.fortranOrder ? reverseAxes(ordered, dims, bytesPerValue(type)) : ordered
  const header = writeNpyHeader({ type, shape: dims, ...options })
  const bytes = new Uint8Array(header.length + values.length)
  bytes.set(header)
  bytes.set(values, header.length)
  return bytes
}
