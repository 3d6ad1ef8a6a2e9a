import { AssayError } from '@assay/core'

/**
 * Which field of which message of onnx.proto holds which message, as far as a tensor can lie below it
 * (onnx/onnx, `onnx/onnx.proto3`).
 */
const schema = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparseTensor' },
  node: { 5: 'attribute' },
  attribute: {
    5: 'tensor',
    6: 'graph',
    10: 'tensor',
    11: 'graph',
    22: 'sparseTensor',
    23: 'sparseTensor',
  },
  sparseTensor: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
  entry: {},
} as const satisfies Record<string, Readonly<Record<number, string>>>

type MessageName = keyof typeof schema

/** Key and value of `StringStringEntryProto`. */
const entryKey = 1
const entryValue = 2

/** Messages within messages; the runtime's own parser goes no deeper. */
const deepest = 100

/** Parts of a path, to keep a list of a million tensors short. */
const longestLocation = 4096

const malformed = (offset: number): AssayError =>
  new AssayError({
    code: 'ENGINE_FAILED',
    message: `The model is no ONNX file, or damaged at byte ${offset}.`,
    value: offset,
    remedy: 'Fetch or export the model again.',
  })

/**
 * The files that the tensors of an ONNX model say they lie in, each once. Whatever the runtime could
 * read in another way than we do (groups, oversized tags, its own format) is refused.
 *
 * @throws AssayError `ENGINE_FAILED` where the bytes are no ONNX model
 */
export function externalData(model: Uint8Array): ReadonlySet<string> {
  const walk = new Walk(model)
  walk.message('model', model.length, 0)
  return walk.locations
}

class Walk {
  readonly locations = new Set<string>()
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Reads the fields of one message, which ends at `end`. */
  message(name: MessageName, end: number, depth: number): void {
    if (depth > deepest) throw malformed(this.#offset)
    const inner: Readonly<Record<number, MessageName>> = schema[name]
    const texts: [field: number, text: string][] = []
    while (this.#offset < end) {
      const tag = this.#varint(end)
      const field = Math.floor(tag / 8)
      if (field === 0 || tag >= 2 ** 32) throw malformed(this.#offset)
      const length = this.#valueLength(tag % 8, end)
      const message = tag % 8 === 2 ? inner[field] : undefined
      if (message) this.message(message, this.#offset + length, depth + 1)
      else {
        if (name === 'entry' && tag % 8 === 2) texts.push([field, this.#text(length)])
        this.#offset += length
      }
    }
    if (name === 'entry') this.#addEntry(texts)
  }

  /** A field that stands twice counts twice: parsers differ in which one they take. */
  #addEntry(texts: readonly (readonly [field: number, text: string])[]): void {
    if (!texts.some(([field, text]) => field === entryKey && text === 'location')) return
    for (const [field, text] of texts) if (field === entryValue) this.locations.add(text)
  }

  #text(length: number): string {
    const end = this.#offset + Math.min(length, longestLocation)
    return Buffer.from(this.#bytes.subarray(this.#offset, end)).toString()
  }

  /** Bytes that the value of a wire type still takes. */
  #valueLength(wireType: number, end: number): number {
    if (wireType === 0) {
      this.#varint(end)
      return 0
    }
    const length = wireType === 2 ? this.#varint(end) : ({ 1: 8, 5: 4 }[wireType] ?? Infinity)
    if (length > end - this.#offset) throw malformed(this.#offset)
    return length
  }

  /** Base 128, low digits first; beyond 2^53 the value is not exact, which nobody asks for. */
  #varint(end: number): number {
    let value = 0
    for (let digit = 0; digit < 10; digit++) {
      const byte = this.#offset < end ? this.#bytes[this.#offset] : undefined
      if (byte === undefined) break
      this.#offset += 1
      value += (byte % 128) * 128 ** digit
      if (byte < 128) return value
    }
    throw malformed(this.#offset)
  }
}
