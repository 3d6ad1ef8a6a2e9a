import { Readable } from 'node:stream'
import { AssayError } from '@assay/core'
import { type Extract, type ExtractEvents, extract } from 'tar-stream'
import { isSystemError, readError } from '../files/file-error.js'
import { archiveBytes } from './archive-bytes.js'
import { nameFault, plainName } from './entry-name.js'
import { type TarLimits, tarLimits } from './tar-limits.js'

/** How an archive is read. */
export interface ReadTarOptions {
  /** Limits other than {@link tarLimits}. */
  readonly limits?: Partial<TarLimits>
  /** Which files are wanted, by name; others are passed over unread. Default: all. */
  readonly include?: (name: string) => boolean
}

/** A file in an archive. */
export interface TarEntry {
  /** Its name: relative, `/` between folders, without `..` and a leading `./`. */
  readonly name: string
  readonly bytes: Uint8Array
}

type Source = ExtractEvents['entry'][1]

const blockBytes = 512

/** Where the blocks of an entry end in the unpacked archive. */
const endOf = ({ offset, header }: Source) =>
  offset + blockBytes + Math.ceil(header.size / blockBytes) * blockBytes

class TarReader {
  readonly #path: string
  readonly #limits: TarLimits
  readonly #names = new Set<string>()
  readonly #include: (name: string) => boolean
  #entries = 0
  #unpacked = 0
  #end = 0

  constructor(path: string, { limits, include = () => true }: ReadTarOptions) {
    this.#path = path
    this.#limits = { ...tarLimits, ...limits }
    this.#include = include
  }

  /** The archive's bytes, counted on their way to the parser. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for await (const piece of archiveBytes(this.#path, this.#limits.ratio)) {
      this.#unpacked += piece.length
      if (this.#unpacked > this.#limits.totalBytes) {
        throw this.#tooLarge(`more than ${this.#limits.totalBytes} bytes`)
      }
      yield piece
    }
  }

  /** The name of an entry to be read, or null for a folder and for what is not wanted. */
  accept(entry: Source): string | null {
    const { header } = entry
    this.#entries++
    this.#end = endOf(entry)
    if (this.#entries > this.#limits.entries) {
      throw this.#tooLarge(`more than ${this.#limits.entries} entries`)
    }
    if (header.type === 'directory') return null
    if (header.type !== 'file' && header.type !== 'contiguous-file') {
      throw this.malformed(`an entry of type ${header.type ?? 'unknown'}: only files are read`)
    }
    const name = plainName(header.name)
    const fault = nameFault(name, this.#limits)
    if (fault !== null) throw this.malformed(fault, header.name)
    if (this.#names.has(name)) throw this.malformed(`the name ${JSON.stringify(name)} twice`, name)
    this.#names.add(name)
    if (!this.#include(name)) return null
    if (header.size > this.#limits.entryBytes) {
      throw this.#tooLarge(`a file of ${header.size} bytes, more than ${this.#limits.entryBytes}`)
    }
    return name
  }

  /** An archive ends with a block of zeros; without it, nobody knows whether entries are missing. */
  assertEnded(): void {
    if (this.#unpacked < this.#end + blockBytes) throw this.malformed('no end: it is cut off')
  }

  malformed(reason: string, value?: unknown, cause?: unknown): AssayError {
    return new AssayError({
      code: 'MALFORMED_TAR',
      message: `${this.#path}, entry ${this.#entries}: the archive has ${reason}.`,
      value,
      remedy: 'Fetch or pack the archive again, with ordinary files only.',
      location: { file: this.#path, row: this.#entries },
      cause,
    })
  }

  #tooLarge(reason: string): AssayError {
    return new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `${this.#path}, entry ${this.#entries}: the archive has ${reason}.`,
      remedy: 'Split the archive, or raise the limit if you trust it.',
      location: { file: this.#path, row: this.#entries },
    })
  }
}

async function contentOf(entry: Source): Promise<Uint8Array> {
  const bytes = new Uint8Array(entry.header.size)
  let done = 0
  for await (const piece of entry as AsyncIterable<Uint8Array>) {
    bytes.set(piece, done)
    done += piece.length
  }
  return bytes
}

/** Feeds the parser and ends it with whatever error the bytes end with. */
function feed(reader: TarReader, unpack: Extract): Readable {
  const source = Readable.from(reader.bytes(), { objectMode: false })
  source.on('error', (error) => unpack.destroy(error))
  source.pipe(unpack)
  return source
}

/**
 * The files of a tar archive (ustar, pax or GNU; also packed with gzip), one after the other, from
 * the disk and within limits. Folders are passed over. Links, devices and pipes, names that lead
 * outside, a name that comes twice and an archive without its end are errors.
 *
 * @throws AssayError `MALFORMED_TAR` and `LIMIT_EXCEEDED` with the file and the entry's number (from
 *   1) as row, `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function* readTar(
  path: string,
  options: ReadTarOptions = {},
): AsyncGenerator<TarEntry> {
  const reader = new TarReader(path, options)
  const unpack = extract()
  const source = feed(reader, unpack)
  try {
    for await (const entry of unpack) {
      const name = reader.accept(entry)
      if (name !== null) yield { name, bytes: await contentOf(entry) }
      else entry.resume()
    }
    reader.assertEnded()
  } catch (error) {
    if (AssayError.isInstance(error)) throw error
    if (isSystemError(error)) throw readError(path, error)
    throw reader.malformed('damage', undefined, error)
  } finally {
    source.destroy()
  }
}
