import { AssayError } from '@assay/core'

/** Wire types of the protocol buffers encoding (https://protobuf.dev/programming-guides/encoding). */
const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const fixed32 = 5

/** Digits to base 128 of a 64-bit number. */
const longestVarint = 10

type FieldValue = bigint | Uint8Array

/**
 * Reads one protocol buffers message by the numbers of its fields; a field that is missing is 0, empty
 * or null. Of a field that stands several times the last counts, as the encoding demands.
 *
 * @throws AssayError `UNSUPPORTED_FORMAT` from every method where the bytes are no such message
 */
export class ProtobufReader {
  readonly #fields = new Map<number, FieldValue[]>()

  constructor(bytes: Uint8Array) {
    const cursor = new Cursor(bytes)
    while (!cursor.atEnd) {
      const tag = Number(cursor.varint())
      const field = Math.floor(tag / 8)
      const values = this.#fields.get(field) ?? []
      values.push(cursor.value(tag % 8))
      this.#fields.set(field, values)
    }
  }

  has(field: number): boolean {
    return this.#fields.has(field)
  }

  /** An `int32`, `int64` or enum field. */
  integer(field: number): number {
    return this.integers(field).at(-1) ?? 0
  }

  /** A repeated integer field; a file may hold several in one field, or one in each. */
  integers(field: number): number[] {
    return this.#values(field).flatMap((value) =>
      typeof value === 'bigint' ? [signed(value)] : [...new Cursor(value).varints()].map(signed),
    )
  }

  /** A repeated `float` field; a file may hold several in one field, or one in each. */
  floats(field: number): number[] {
    return this.#bytes(field).flatMap((bytes) => {
      if (bytes.length % 4 !== 0) throw damaged(bytes.length)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      return Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true))
    })
  }

  /** A `string` field. */
  string(field: number): string {
    return this.strings(field).at(-1) ?? ''
  }

  /** A repeated `string` field. */
  strings(field: number): string[] {
    const utf8 = new TextDecoder()
    return this.#bytes(field).map((bytes) => utf8.decode(bytes))
  }

  /** A message field. */
  message(field: number): ProtobufReader | null {
    return this.messages(field).at(-1) ?? null
  }

  /** A repeated message field. */
  messages(field: number): ProtobufReader[] {
    return this.#bytes(field).map((bytes) => new ProtobufReader(bytes))
  }

  #values(field: number): readonly FieldValue[] {
    return this.#fields.get(field) ?? []
  }

  #bytes(field: number): Uint8Array[] {
    return this.#values(field).map((value) => {
      if (typeof value === 'bigint') throw damaged(field)
      return value
    })
  }
}

const signed = (value: bigint): number => Number(BigInt.asIntN(64, value))

/** A place in the bytes of a message. */
class Cursor {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  /** What follows a tag: a number, or the bytes of whatever else. */
  value(wireType: number): FieldValue {
    if (wireType === varint) return this.varint()
    if (wireType === lengthDelimited) return this.#take(Number(this.varint()))
    if (wireType === fixed64) return this.#take(8)
    if (wireType === fixed32) return this.#take(4)
    throw damaged(this.#offset)
  }

  *varints(): Generator<bigint> {
    while (!this.atEnd) yield this.varint()
  }

  varint(): bigint {
    let value = 0n
    for (let digit = 0; digit < longestVarint; digit += 1) {
      const byte = this.#bytes[this.#offset]
      if (byte === undefined) break
      this.#offset += 1
      value |= BigInt(byte & 127) << BigInt(7 * digit)
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw damaged(this.#offset)
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#offset) throw damaged(this.#offset)
    this.#offset += length
    return this.#bytes.subarray(this.#offset - length, this.#offset)
  }
}

const damaged = (offset: number): AssayError =>
  new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `The bytes are no ONNX file, or damaged at byte ${offset} of a message.`,
    value: offset,
    remedy: 'Give the bytes of a whole ONNX file.',
  })
