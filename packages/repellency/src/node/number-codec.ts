import { decodeFloat16, encodeFloat16 } from '@assay/core/formats'

/** How numbers are stored. */
export interface NumberCodec {
  /** Bytes a number. */
  readonly bytes: number
  encode(values: Float32Array): Uint16Array | Float32Array
  /** As many stored numbers as `values` has: written there, or where they stand if nothing is to do. */
  decode(stored: ArrayBufferView, values: Float32Array): Float32Array
}

const float32: NumberCodec = {
  bytes: 4,
  encode: (values) => values,
  decode: ({ buffer, byteOffset }, { length }) => new Float32Array(buffer, byteOffset, length),
}

/** By a table of all float16 values, which takes a third of the time of arithmetic. */
function float16(): NumberCodec {
  const halves = decodeFloat16(Uint16Array.from({ length: 2 ** 16 }, (_, at) => at))
  return {
    bytes: 2,
    encode: encodeFloat16,
    decode({ buffer, byteOffset }, values) {
      const stored = new Uint16Array(buffer, byteOffset, values.length)
      for (let at = 0; at < values.length; at += 1) values[at] = halves[stored[at]!]!
      return values
    },
  }
}

/** The codec of a type. */
export const numberCodec = (type: 'float16' | 'float32'): NumberCodec =>
  type === 'float16' ? float16() : float32
