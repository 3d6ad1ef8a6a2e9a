import { type FileHandle, open } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { groupRows } from './group-rows.js'
import type { RowWindow, RowWindows } from './row-windows.js'

/** Float32 rows in a file. */
export interface FileRows {
  readonly path: string
  /** Where the first row starts, in bytes. */
  readonly offset: number
  readonly rows: number
  readonly columns: number
}

const windowBytes = 16 * 2 ** 20

/**
 * A matrix in a file, one window after the other; the next is read while the last is searched.
 *
 * @throws AssayError `FILE_READ_FAILED` where the file cannot be opened
 */
export async function fileWindows(source: FileRows): Promise<RowWindows> {
  const file = await open(source.path).catch((cause: unknown) => {
    throw readFailed(source.path, 'cannot be opened', cause)
  })
  return new FileWindows(file, source, (await file.stat()).mtimeMs)
}

class FileWindows implements RowWindows {
  readonly #file: FileHandle
  readonly #source: FileRows
  readonly #modified: number
  readonly #windowRows: number
  readonly #buffers: [Float32Array, Float32Array]

  constructor(file: FileHandle, source: FileRows, modified: number) {
    this.#file = file
    this.#source = source
    this.#modified = modified
    const groups = Math.max(1, Math.floor(windowBytes / (4 * source.columns * groupRows)))
    this.#windowRows = Math.min(groups * groupRows, source.rows)
    const values = this.#windowRows * source.columns
    this.#buffers = [new Float32Array(values), new Float32Array(values)]
  }

  async *windows(): AsyncIterable<RowWindow> {
    const { rows } = this.#source
    let [current, spare] = this.#buffers
    let reading = this.#read(0, current)
    try {
      for (let start = 0; start < rows; start += this.#windowRows) {
        const window = await reading
        const next = start + this.#windowRows
        if (next < rows) reading = this.#read(next, spare)
        // Rejections surface where the window is awaited, if it ever is.
        reading.catch(() => {})
        yield window
        ;[current, spare] = [spare, current]
      }
      await this.#assertUnchanged()
    } finally {
      // A pass that is left early must not leave a read behind that writes into the buffers.
      await reading.catch(() => {})
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #read(start: number, buffer: Float32Array): Promise<RowWindow> {
    const { path, offset, rows, columns } = this.#source
    const count = Math.min(this.#windowRows, rows - start)
    const data = buffer.subarray(0, count * columns)
    const bytes = new Uint8Array(data.buffer, 0, data.byteLength)
    const position = offset + start * columns * 4
    for (let done = 0; done < bytes.length; ) {
      const length = bytes.length - done
      const { bytesRead } = await this.#file.read(bytes, done, length, position + done)
      if (bytesRead === 0) throw readFailed(path, 'ends too early')
      done += bytesRead
    }
    return { start, rows: count, data }
  }

  /** What is known of the rows was taken from the file as it was when the index was made. */
  async #assertUnchanged(): Promise<void> {
    const { mtimeMs } = await this.#file.stat()
    if (mtimeMs !== this.#modified) throw readFailed(this.#source.path, 'changed under the index')
  }
}

function readFailed(path: string, what: string, cause?: unknown): AssayError {
  return new AssayError({
    code: 'FILE_READ_FAILED',
    message: `${path} ${what}.`,
    value: path,
    remedy: 'Leave the file as it is while an index streams from it, or make the index again.',
    location: { file: path },
    cause,
  })
}
