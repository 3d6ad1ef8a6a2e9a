import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import {
  type ContentHash,
  type ContentId,
  contentHash,
  type ExpectedContent,
  gitBlobBytes,
  hashInto,
} from './content-hash.js'
import { writing } from './store-error.js'

/** A file of which a part has arrived, hashed as it grows. */
export class PartialFile {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #expected: ExpectedContent
  #hash: ContentHash
  #bytes = 0
  /** What the server calls the version that this is a part of; null: it does not say. */
  version: string | null = null

  private constructor(path: string, handle: FileHandle, expected: ExpectedContent) {
    this.#path = path
    this.#handle = handle
    this.#expected = expected
    this.#hash = contentHash(gitBlobBytes(expected))
  }

  /**
   * Opens what an earlier process left, hashed anew, or nothing; what is longer than the whole cannot
   * be a part of it and is dropped.
   *
   * @throws AssayError `FILE_WRITE_FAILED`, as all methods
   */
  static async open(path: string, expected: ExpectedContent): Promise<PartialFile> {
    return writing(path, async () => {
      const file = new PartialFile(path, await open(path, 'a'), expected)
      try {
        const { size } = await stat(path)
        if (size > expected.bytes) await file.clear()
        else if (size > 0) await hashInto(file.#hash, path)
        if (size <= expected.bytes) file.#bytes = size
        return file
      } catch (error) {
        await file.close()
        throw error
      }
    })
  }

  /** Bytes that are there. */
  get bytes(): number {
    return this.#bytes
  }

  async append(piece: Uint8Array): Promise<void> {
    await writing(this.#path, () => this.#handle.appendFile(piece))
    this.#hash.update(piece)
    this.#bytes += piece.length
  }

  /** Starts anew. */
  async clear(): Promise<void> {
    await writing(this.#path, () => this.#handle.truncate(0))
    this.#hash = contentHash(gitBlobBytes(this.#expected))
    this.#bytes = 0
    this.version = null
  }

  digest(): ContentId {
    return this.#hash.digest()
  }

  /** Gives the whole file its name, in one step. */
  async keepAs(path: string): Promise<void> {
    await writing(path, async () => {
      await this.#handle.sync()
      // Some systems rename no open file.
      await this.#handle.close()
      await rename(this.#path, path)
    })
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
