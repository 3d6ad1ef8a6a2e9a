import { read, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AssayError } from '@assay/core'
import { assertRunning } from '../references/assert-running.js'
import type { ReadReferences } from '../references/references-in-index.js'
import type { NumberCodec } from './number-codec.js'

/** Reads that are under way at a time then: enough for what a disk and Node's threads take at once. */
const READS_AT_ONCE = 32
/** Neighbours are read together up to so many bytes. */
const MOST_BYTES = 2 ** 17

/** How rows stand in a file, one after the other from its first byte on. */
export interface RowLayout {
  readonly columns: number
  readonly codec: NumberCodec
  /**
   * Milliseconds of reading in a search after which threads take over. What lies in memory is read in a
   * tenth of the time that it takes to ask a thread for it; what has to come from a disk is better not
   * waited for. Default: 20.
   */
  readonly mostWaited?: number
}

/** Rows of one size in a file, read where they stand. */
export class RowReader {
  readonly #path: string
  readonly #file: FileHandle
  readonly #layout: RowLayout

  private constructor(path: string, file: FileHandle, layout: RowLayout) {
    this.#path = path
    this.#file = file
    this.#layout = layout
  }

  /** @throws AssayError `FILE_READ_FAILED` */
  static async open(path: string, layout: RowLayout): Promise<RowReader> {
    const file = await open(path).catch((cause: unknown) => {
      throw readFailed(path, cause)
    })
    return new RowReader(path, file, layout)
  }

  /** Throws `ABORTED`, `FILE_READ_FAILED`, and what `visit` throws; no read is under way then. */
  readonly read: ReadReferences = async (rows, { visit, signal }) => {
    const { columns, codec, mostWaited = 20 } = this.#layout
    const rowBytes = columns * codec.bytes
    const most = Math.max(1, Math.floor(MOST_BYTES / rowBytes))
    const runs = runsOf(rows, most)
    // Of one row, for all: no two are looked at at a time.
    const values = new Float32Array(columns)
    let waited = 0
    const work = async () => {
      const buffer = Buffer.allocUnsafeSlow(Math.min(most, rows.length) * rowBytes)
      // A loop that fails closes the generator, which ends the others.
      for (const { start, end } of runs) {
        assertRunning(signal)
        const bytes = buffer.subarray(0, (end - start) * rowBytes)
        if (waited < mostWaited) waited += this.#readNow(bytes, start * rowBytes)
        else await this.#read(bytes, start * rowBytes)
        for (let row = start; row < end; row += 1) {
          visit(row, codec.decode(bytes.subarray((row - start) * rowBytes), values))
        }
      }
    }
    const workers = await Promise.allSettled(Array.from({ length: READS_AT_ONCE }, work))
    for (const worker of workers) if (worker.status === 'rejected') throw worker.reason
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** Gives the milliseconds that it took. */
  #readNow(bytes: Uint8Array, position: number): number {
    const began = performance.now()
    let count = 0
    try {
      count = readSync(this.#file.fd, bytes, { position })
    } catch (cause) {
      throw readFailed(this.#path, cause)
    }
    this.#assertWhole(bytes, count)
    return performance.now() - began
  }

  async #read(bytes: Uint8Array, position: number): Promise<void> {
    const reading = readLater(this.#file.fd, bytes, 0, bytes.length, position)
    const { bytesRead } = await reading.catch((cause: unknown) => {
      throw readFailed(this.#path, cause)
    })
    this.#assertWhole(bytes, bytesRead)
  }

  /** A file gives less than is asked for, which is little, only where it ends. */
  #assertWhole({ length }: Uint8Array, count: number): void {
    if (count < length) throw readFailed(this.#path, `${length - count} bytes are missing`)
  }
}

/** By a callback underneath: promises of a file's handle take several times as long. */
const readLater = promisify(read)

/** Neighbouring rows that are wanted: a first one, and one past the last. */
interface Run {
  readonly start: number
  readonly end: number
}

function* runsOf(rows: Uint32Array, most: number): Generator<Run, void> {
  for (let first = 0; first < rows.length; ) {
    const start = rows[first]!
    let count = 1
    while (count < most && rows[first + count] === start + count) count += 1
    yield { start, end: start + count }
    first += count
  }
}

const readFailed = (path: string, cause: unknown) =>
  new AssayError({
    code: 'FILE_READ_FAILED',
    message: `Could not read ${path}: ${cause instanceof Error ? cause.message : cause}.`,
    value: path,
    remedy: 'Leave the files of references as they are while these are open.',
    location: { file: path },
    cause,
  })
