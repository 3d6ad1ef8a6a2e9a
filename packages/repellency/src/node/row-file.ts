import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AssayError } from '@assay/core'

/** A file that rows of one size are appended to. */
export class RowFile {
  readonly #path: string
  readonly #handle: FileHandle
  #bytes: number

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.#path = path
    this.#handle = handle
    this.#bytes = bytes
  }

  /**
   * Opens a file after so many bytes; what follows them is cut off.
   *
   * @throws AssayError `FILE_WRITE_FAILED`
   */
  static async open(path: string, bytes: number): Promise<RowFile> {
    return writing(path, async () => {
      const handle = await open(path, constants.O_RDWR | constants.O_CREAT)
      await handle.truncate(bytes)
      return new RowFile(path, handle, bytes)
    })
  }

  /** @throws AssayError `FILE_WRITE_FAILED` */
  async append({ buffer, byteOffset, byteLength }: ArrayBufferView): Promise<void> {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength)
    await writing(this.#path, async () => {
      for (let done = 0; done < bytes.length; ) {
        const length = bytes.length - done
        const { bytesWritten } = await this.#handle.write(bytes, done, length, this.#bytes + done)
        done += bytesWritten
      }
    })
    this.#bytes += byteLength
  }

  /** Forces what was written onto the disk. Throws as `append` does. */
  async sync(): Promise<void> {
    await writing(this.#path, () => this.#handle.datasync())
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

async function writing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    throw new AssayError({
      code: 'FILE_WRITE_FAILED',
      message: `Could not write ${path}: ${cause instanceof Error ? cause.message : cause}.`,
      value: path,
      remedy: 'Free space on the disk or choose a folder that can be written, then run it again.',
      location: { file: path },
      cause,
    })
  }
}
