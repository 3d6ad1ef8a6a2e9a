import { AssayError } from '@assay/core'

const utf8 = new TextEncoder()

/** Wire types of the protocol buffers encoding (https://protobuf.dev/programming-guides/encoding). */
const varint = 0
const lengthDelimited = 2
const fixed32 = 5

/** No reader takes a longer message. */
const longestMessage = 2 ** 31 - 1

/** Writes one protocol buffers message, field by field. */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = []
  #length = 0

  /** An `int32`, `int64` or enum field. */
  integer(field: number, value: number | bigint): void {
    this.#push(encodeVarint(tag(field, varint)))
    this.#push(encodeVarint(BigInt(value)))
  }

  /** A `float` field. */
  float(field: number, value: number): void {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.#push(encodeVarint(tag(field, fixed32)))
    this.#push(bytes)
  }

  /** A `bytes` field; the bytes are kept by reference until `finish`. */
  bytes(field: number, value: Uint8Array): void {
    this.#push(encodeVarint(tag(field, lengthDelimited)))
    this.#push(encodeVarint(BigInt(value.length)))
    this.#push(value)
  }

  /** A `string` field. */
  string(field: number, value: string): void {
    this.bytes(field, utf8.encode(value))
  }

  /** A message field, which `write` fills. */
  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter()
    write(inner)
    this.#push(encodeVarint(tag(field, lengthDelimited)))
    this.#push(encodeVarint(BigInt(inner.#length)))
    for (const chunk of inner.#chunks) this.#push(chunk)
  }

  /**
   * The whole message.
   *
   * @throws AssayError `LIMIT_EXCEEDED` where it takes 2 GiB or more
   */
  finish(): Uint8Array {
    if (this.#length > longestMessage) {
      throw new AssayError({
        code: 'LIMIT_EXCEEDED',
        message: `The file would take ${this.#length} bytes, and the format allows ${longestMessage}.`,
        value: this.#length,
        remedy: 'Feed large tensors as inputs instead of making them constants.',
      })
    }
    const whole = new Uint8Array(this.#length)
    let offset = 0
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset)
      offset += chunk.length
    }
    return whole
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }
}

const tag = (field: number, wireType: number): bigint => BigInt((field << 3) | wireType)

/** Base 128, low digits first; a negative number as its 64-bit two's complement. */
function encodeVarint(value: bigint): Uint8Array {
  const digits: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest > 127n) {
    digits.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return Uint8Array.from([...digits, Number(rest)])
}
