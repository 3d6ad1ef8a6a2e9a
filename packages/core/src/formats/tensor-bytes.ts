import type { Tensor, TensorData } from '../contracts/engine.js'
import { AssayError } from '../errors/assay-error.js'

/** The array that holds values of each element type; float16 as its bits. */
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const

/** An element type of a tensor. */
export type ElementType = keyof TensorData

/** Bytes that one value takes. */
export const bytesPerValue = (type: ElementType): number => arrays[type].BYTES_PER_ELEMENT

/** Values in an array of this shape; 1 without dimensions. */
export const countValues = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1)

/** A tensor over a copy of little-endian bytes, which is the byte order of every host we run on. */
export function tensorFromBytes(
  type: ElementType,
  dims: readonly number[],
  bytes: Uint8Array,
): Tensor {
  // Not `slice`, which for a Buffer of Node is no copy and shows all the memory around it.
  return { type, dims, data: new arrays[type](new Uint8Array(bytes).buffer) } as Tensor
}

/**
 * The bytes of a tensor's values: a view, not a copy.
 *
 * @throws AssayError `SHAPE_MISMATCH` where values and dimensions do not fit
 */
export function bytesOfTensor({ data, dims }: Tensor): Uint8Array {
  if (!dims.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw mismatch(`A tensor cannot have the dimensions [${dims}].`, dims)
  }
  if (data.length !== countValues(dims)) {
    throw mismatch(`${data.length} values do not fill a tensor of dimensions [${dims}].`, dims)
  }
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

const mismatch = (message: string, value: readonly number[]) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message,
    value,
    remedy: 'Pass whole dimensions whose product is the number of values.',
  })
