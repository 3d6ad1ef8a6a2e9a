import type { Tensor } from '../contracts/engine.js'
import { formatErrors, type ParseOptions } from './format-errors.js'
import { parseNpyHeader } from './parse-npy-header.js'
import { reverseAxes } from './reverse-axes.js'
import { bytesPerValue, tensorFromBytes } from './tensor-bytes.js'

/** The bytes of values of a given width, the first byte of each becoming its last. */
function swapBytes(bytes: Uint8Array, width: number): Uint8Array {
  const swapped = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at++) {
    swapped[at - (at % width) + (width - 1 - (at % width))] = bytes[at]!
  }
  return swapped
}

/**
 * Reads a whole npy file: float16 (as bits), float32, float64, int32, int64, uint8 and bool, in C or
 * Fortran order, of either byte order, versions 1 to 3 (NumPy enhancement proposal 1).
 *
 * @returns a tensor in C order with values of its own
 * @throws AssayError `MALFORMED_NPY`, `UNSUPPORTED_FORMAT`, `LIMIT_EXCEEDED`
 */
export function parseNpy(bytes: Uint8Array, options: ParseOptions = {}): Tensor {
  const header = parseNpyHeader(bytes, options)
  const { type, shape, dataOffset, dataLength } = header
  const present = bytes.length - dataOffset
  if (present !== dataLength) {
    const { malformed } = formatErrors('npy', 'MALFORMED_NPY', options)
    throw malformed(`${present} bytes of values stand where its header says ${dataLength}`)
  }
  const width = bytesPerValue(type)
  let values = bytes.subarray(dataOffset)
  if (header.bigEndian) values = swapBytes(values, width)
  if (header.fortranOrder) values = reverseAxes(values, shape.toReversed(), width)
  return tensorFromBytes(type, shape, values)
}
