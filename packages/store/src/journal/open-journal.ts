import { writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AssayError } from '@assay/core'
import { readError, writeError } from '../files/file-error.js'
import { syncDirectory } from '../files/sync-directory.js'
import { encodeLine } from './journal-line.js'
import { type JournalRecord, scanJournal } from './scan-journal.js'
import { SyncGroup } from './sync-group.js'

/** How a journal is opened. */
export interface JournalOptions {
  /** Told of every record that is there already, in order, before the journal is open. */
  readonly replay?: (record: JournalRecord) => void
}

/** An append-only file of records. */
export interface Journal {
  readonly path: string
  /** Records in the file. */
  readonly records: number
  /** Bytes of a torn last line that opening cut off; 0 if there was none. */
  readonly tornBytes: number
  /**
   * Writes a record at the end. When it returns, the record survives a killed process; it survives a
   * power loss after the next group sync (every 16 records or 1 s) or `flush`.
   *
   * @throws AssayError `FILE_WRITE_FAILED` (then the journal takes no more), `INVALID_ARGUMENT`,
   *   `LIMIT_EXCEEDED`
   */
  append(record: unknown): void
  /** Resolves when every record is on the disk. */
  flush(): Promise<void>
  /** Flushes and closes the file; a second call does nothing. */
  close(): Promise<void>
}

class FileJournal implements Journal {
  readonly path: string
  readonly tornBytes: number
  readonly #file: FileHandle
  readonly #group: SyncGroup
  #records: number
  #failure: unknown = null
  #closed = false

  constructor(path: string, file: FileHandle, records: number, tornBytes: number) {
    this.path = path
    this.tornBytes = tornBytes
    this.#file = file
    this.#records = records
    this.#group = new SyncGroup(() =>
      file.datasync().catch((error: unknown) => {
        throw writeError(path, error)
      }),
    )
  }

  get records(): number {
    return this.#records
  }

  append(record: unknown): void {
    if (this.#closed) throw closedError(this.path)
    if (this.#failure !== null) throw this.#failure
    this.#group.assertIntact()
    const line = encodeLine(record)
    try {
      // Synchronous: 11 µs, and two appends cannot get between one another.
      for (let done = 0; done < line.length; ) done += writeSync(this.#file.fd, line, done)
    } catch (error) {
      // Part of the line may be in the file; another line after it would be damage in the middle.
      this.#failure = writeError(this.path, error)
      throw this.#failure
    }
    this.#records++
    this.#group.written()
  }

  flush(): Promise<void> {
    return this.#group.flush()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      await this.#group.flush()
    } finally {
      await this.#file.close().catch((error: unknown) => {
        throw writeError(this.path, error)
      })
    }
  }
}

const closedError = (path: string) =>
  new AssayError({
    code: 'FILE_WRITE_FAILED',
    message: `The journal ${path} is closed.`,
    value: path,
    remedy: 'Append before closing, or open the journal again.',
    location: { file: path },
  })

async function assertOrdinary(file: FileHandle, path: string): Promise<void> {
  if ((await file.stat()).isFile()) return
  throw new AssayError({
    code: 'FILE_READ_FAILED',
    message: `${path} is not an ordinary file.`,
    value: path,
    remedy: 'Name a file, not a folder, pipe or device.',
    location: { file: path },
  })
}

/** Replays the file and cuts off a torn last line, so that the next append starts a line of its own. */
async function recover(file: FileHandle, path: string, options: JournalOptions): Promise<Journal> {
  await assertOrdinary(file, path)
  let end = 0
  let records = 0
  for await (const scanned of scanJournal(file, path)) {
    options.replay?.({ record: scanned.record, line: scanned.line })
    end = scanned.end
    records++
  }
  const tornBytes = (await file.stat()).size - end
  try {
    if (tornBytes > 0) {
      await file.truncate(end)
      await file.datasync()
    }
    // An empty journal may be new, and its name not yet on the disk.
    if (end === 0) await syncDirectory(dirname(path))
  } catch (error) {
    throw writeError(path, error)
  }
  return new FileJournal(path, file, records, tornBytes)
}

/**
 * Opens a journal, or starts one: a file of JSON lines `{"checksum": …, "record": …}` that only
 * grows. What a killed process or a power loss left of the last line is cut off; a line damaged
 * before that is an error. One process at a time: hold a lock ({@link acquireLock}) meanwhile.
 *
 * @throws AssayError `JOURNAL_CORRUPT` with file and line, `FILE_READ_FAILED`, `FILE_WRITE_FAILED`
 */
export async function openJournal(path: string, options: JournalOptions = {}): Promise<Journal> {
  const file = await open(path, 'a+').catch((error: unknown) => {
    throw writeError(path, error)
  })
  try {
    return await recover(file, path, options)
  } catch (error) {
    await file.close()
    throw readError(path, error)
  }
}
