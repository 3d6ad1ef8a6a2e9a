import { sentencePieceError } from './sentence-piece-error.js'

/** A field of a protocol buffer message: its number, and a number or the bytes within. */
export interface ProtobufField {
  readonly field: number
  readonly value: number | Uint8Array
}

/**
 * The fields of a protocol buffer message, in their order (encoding of protobuf.dev). Numbers of eight
 * bytes, which no message here needs, are passed over; 32-bit numbers come as their four bytes.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` where the message ends too early or is none
 */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  let offset = 0
  const varint = (): number => {
    let value = 0
    for (let digit = 0; digit < 10; digit++) {
      const byte = message[offset++]
      if (byte === undefined) break
      value += (byte & 0x7f) * 2 ** (7 * digit)
      if (byte < 0x80) return value
    }
    throw sentencePieceError(`has no number at byte ${offset}`)
  }
  const bytes = (length: number): Uint8Array => {
    if (length > message.length - offset) throw sentencePieceError(`ends after byte ${offset}`)
    offset += length
    return message.subarray(offset - length, offset)
  }
  while (offset < message.length) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    if (tag % 8 === 0) yield { field, value: varint() }
    else if (tag % 8 === 1) bytes(8)
    else if (tag % 8 === 2) yield { field, value: bytes(varint()) }
    else if (tag % 8 === 5) yield { field, value: bytes(4) }
    else throw sentencePieceError(`has no field at byte ${offset}`)
  }
}
