import type { Writable } from 'node:stream'
import { AssayError } from '@assay/core'

/** What travels between the two processes: JSON, and bytes that stay out of it. */
export interface Message<Body> {
  readonly body: Body
  readonly parts: readonly Uint8Array[]
}

/** What a reader accepts; the other side may be hostile. */
export interface MessageLimits {
  /** Most bytes of all parts of one message together. */
  readonly partBytes: number
}

interface Head {
  readonly body: unknown
  /** Length of each part in bytes. */
  readonly parts: readonly number[]
}

/** Longest head in bytes: names and shapes of a hundred thousand tensors. */
const longestHead = 16 * 2 ** 20

const lengthBytes = 4

const fault = (message: string): AssayError =>
  new AssayError({
    code: 'ENGINE_FAILED',
    message: `The process of a model ${message}.`,
    remedy: 'Open the model again; if it happens again, do not use it.',
  })

/**
 * Writes a message: the length of its head, the head as JSON, and the parts as they are. The parts must
 * not change until the other side has them.
 *
 * @throws AssayError `ENGINE_FAILED` where the head is too long to be read
 */
export function writeMessage(
  stream: Writable,
  body: unknown,
  parts: readonly Uint8Array[] = [],
): void {
  const head = { body, parts: parts.map((part) => part.length) } satisfies Head
  const json = Buffer.from(JSON.stringify(head))
  if (json.length > longestHead) throw fault(`has ${json.length} bytes to say beside its tensors`)
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32LE(json.length)
  stream.cork()
  for (const piece of [length, json, ...parts]) stream.write(piece)
  stream.uncork()
}

/** Puts messages together from the pieces that a stream hands out, each part in memory of its own. */
export class MessageReader<Body> {
  readonly #limits: MessageLimits
  readonly #onMessage: (message: Message<Body>) => void
  #target = new Uint8Array(lengthBytes)
  #filled = 0
  #onFilled = () => this.#readLength()

  constructor(limits: MessageLimits, onMessage: (message: Message<Body>) => void) {
    this.#limits = limits
    this.#onMessage = onMessage
  }

  /** @throws AssayError `ENGINE_FAILED` for what is no message, or one beyond the limits */
  push(piece: Uint8Array): void {
    let rest = piece
    while (rest.length > 0) {
      const taken = rest.subarray(0, this.#target.length - this.#filled)
      this.#target.set(taken, this.#filled)
      this.#filled += taken.length
      rest = rest.subarray(taken.length)
      if (this.#filled === this.#target.length) this.#onFilled()
    }
  }

  #expect(target: Uint8Array<ArrayBuffer>, onFilled: () => void): void {
    this.#target = target
    this.#filled = 0
    this.#onFilled = onFilled
  }

  #readLength(): void {
    const length = new DataView(this.#target.buffer).getUint32(0, true)
    if (length === 0 || length > longestHead) throw fault('sent no message')
    this.#expect(new Uint8Array(length), () => this.#readHead())
  }

  #readHead(): void {
    const { body, parts: lengths } = headOf(this.#target)
    const total = lengths.reduce((sum, length) => sum + length, 0)
    if (total > this.#limits.partBytes) throw fault(`sent ${total} bytes`)
    const parts = lengths.map((length) => new Uint8Array(length))
    const missing = parts.filter((part) => part.length > 0)
    const advance = () => {
      const part = missing.shift()
      if (part) return this.#expect(part, advance)
      this.#expect(new Uint8Array(lengthBytes), () => this.#readLength())
      this.#onMessage({ body: body as Body, parts })
    }
    advance()
  }
}

function headOf(bytes: Uint8Array): Head {
  try {
    const head = JSON.parse(Buffer.from(bytes.buffer).toString()) as Head
    const isLength = (length: unknown) => Number.isSafeInteger(length) && Number(length) >= 0
    if (Array.isArray(head.parts) && head.parts.every(isLength)) return head
  } catch {
    // Told of below, as whatever else is no head.
  }
  throw fault('sent no message')
}
