import { AssayError } from '@assay/core'
import { maxIdBytes } from './matrix-form.js'

/** Collects the ids of a matrix in the form in which a matrix file holds them. */
export class IdTable {
  readonly #path: string
  readonly #seen = new Set<string>()
  readonly #texts: Buffer[] = []
  readonly #ends: number[] = [0]
  #bytes = 0

  /** @param path the file to be written, for errors */
  constructor(path: string) {
    this.#path = path
  }

  /** Bytes that the ids take. */
  get bytes(): number {
    return this.#bytes
  }

  /** Where each id starts, and where the last ends. */
  offsets(): Uint8Array {
    return new Uint8Array(Int32Array.from(this.#ends).buffer)
  }

  /** The ids, one after the other. */
  text(): Uint8Array {
    return Buffer.concat(this.#texts)
  }

  /** @throws AssayError `DUPLICATE_ID`, `INVALID_ARGUMENT` (no Unicode text), `LIMIT_EXCEEDED` */
  add(ids: readonly string[]): void {
    for (const id of ids) {
      const text = Buffer.from(id)
      if (this.#seen.has(id)) throw this.#error('DUPLICATE_ID', id, 'names two rows')
      // Half a surrogate pair has no UTF-8; written, it would become another id.
      if (text.toString() !== id) throw this.#error('INVALID_ARGUMENT', id, 'is no Unicode text')
      this.#seen.add(id)
      this.#texts.push(text)
      this.#bytes += text.length
      this.#ends.push(this.#bytes)
      if (this.#bytes > maxIdBytes) {
        throw this.#error('LIMIT_EXCEEDED', id, `brings the ids beyond ${maxIdBytes} bytes`)
      }
    }
  }

  #error(code: 'DUPLICATE_ID' | 'INVALID_ARGUMENT' | 'LIMIT_EXCEEDED', id: string, reason: string) {
    return new AssayError({
      code,
      message: `${this.#path} cannot be written: the id ${JSON.stringify(id)} ${reason}.`,
      value: id,
      remedy: 'Give every row a short id of its own.',
      location: { file: this.#path, row: this.#seen.size, id },
    })
  }
}
