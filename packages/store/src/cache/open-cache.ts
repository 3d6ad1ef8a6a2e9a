import { access, mkdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isMissing, readError, writeError } from '../files/file-error.js'
import { replaceFile } from '../files/replace-file.js'
import { decodeEntry, encodeEntry, entryOverhead } from './cache-entry.js'
import { cacheFiles, entryPath } from './cache-layout.js'

/** What a cache holds. */
export interface CacheSize {
  readonly entries: number
  /** Bytes of the contents, without file system overhead. */
  readonly bytes: number
}

/** What happened since the cache was opened. */
export interface CacheCounts {
  /** `get` that found its entry. */
  readonly hits: number
  /** `get` that did not, corrupt entries included. */
  readonly misses: number
  /** Entries that `get` or `verify` found corrupt and removed. */
  readonly corrupt: number
}

/** Contents by key, kept in a folder. Keys are 64 lower-case hexadecimal digits. */
export interface Cache {
  readonly folder: string
  readonly counts: CacheCounts
  /** The content under a key, aligned to 8 bytes; null if there is none or it was corrupt. */
  get(key: string): Promise<Uint8Array | null>
  /** Keeps the content under a key, in the place of an earlier one. */
  set(key: string, content: Uint8Array): Promise<void>
  /** Whether there is an entry; `get` may still find it corrupt. */
  has(key: string): Promise<boolean>
  /** The keys, in order. */
  list(): AsyncIterable<string>
  size(): Promise<CacheSize>
  /** Reads every entry, removes the corrupt ones and what killed processes left, and counts the rest. */
  verify(): Promise<CacheSize>
  /** Removes every entry; other files in the folder stay. */
  clear(): Promise<void>
}

// A younger temporary file may be a write in progress.
const abandonedMilliseconds = 3_600_000

class FolderCache implements Cache {
  readonly folder: string
  readonly counts = { hits: 0, misses: 0, corrupt: 0 }

  constructor(folder: string) {
    this.folder = folder
  }

  async get(key: string): Promise<Uint8Array | null> {
    const content = await this.#read(entryPath(this.folder, key), key)
    if (content) this.counts.hits++
    else this.counts.misses++
    return content
  }

  async set(key: string, content: Uint8Array): Promise<void> {
    const path = entryPath(this.folder, key)
    const entry = encodeEntry(key, content)
    // No sync, which would take milliseconds: after a power loss a torn entry is a miss.
    const write = () => replaceFile(path, (file) => file.writeFile(entry), { sync: false })
    try {
      await write()
    } catch (error) {
      if (!isMissing((error as Error).cause)) throw error
      await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
        throw writeError(path, cause)
      })
      await write()
    }
  }

  async has(key: string): Promise<boolean> {
    return access(entryPath(this.folder, key)).then(
      () => true,
      () => false,
    )
  }

  async *list(): AsyncGenerator<string> {
    for await (const { key } of this.#files()) if (key !== null) yield key
  }

  async size(): Promise<CacheSize> {
    const size = { entries: 0, bytes: 0 }
    for await (const { path, key } of this.#files()) {
      if (key === null) continue
      // Another process may remove it meanwhile.
      const found = await stat(path).catch(() => null)
      if (found) count(size, found.size - entryOverhead)
    }
    return size
  }

  async verify(): Promise<CacheSize> {
    const size = { entries: 0, bytes: 0 }
    for await (const { path, key } of this.#files()) {
      if (key === null) await this.#removeAbandoned(path)
      else {
        const content = await this.#read(path, key)
        if (content) count(size, content.length)
      }
    }
    return size
  }

  async clear(): Promise<void> {
    for await (const { path } of this.#files()) await this.#remove(path)
  }

  async *#files() {
    try {
      yield* cacheFiles(this.folder)
    } catch (error) {
      throw readError(this.folder, error)
    }
  }

  async #read(path: string, key: string): Promise<Uint8Array | null> {
    let entry: Uint8Array
    try {
      entry = await readFile(path)
    } catch (error) {
      if (isMissing(error)) return null
      throw readError(path, error)
    }
    const content = decodeEntry(key, entry)
    if (content === null) {
      this.counts.corrupt++
      await this.#remove(path)
    }
    return content
  }

  async #removeAbandoned(path: string): Promise<void> {
    const found = await stat(path).catch(() => null)
    if (found && Date.now() - found.mtimeMs > abandonedMilliseconds) await this.#remove(path)
  }

  async #remove(path: string): Promise<void> {
    await rm(path, { force: true }).catch((error: unknown) => {
      throw writeError(path, error)
    })
  }
}

function count(size: { entries: number; bytes: number }, bytes: number): void {
  size.entries++
  size.bytes += bytes
}

/**
 * Opens a cache in a folder, which is made when the first entry is set. Entries are written whole or
 * not at all, carry a checksum that `get` verifies, and may be read and written by any number of
 * processes at once. A cache holds nothing that cannot be made again: after a power loss its latest
 * entries may be gone.
 */
export function openCache(folder: string): Cache {
  return new FolderCache(folder)
}
