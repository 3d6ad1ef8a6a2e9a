import { Readable } from 'node:stream'
import { AssayError } from '@assay/core'
import { type Extract, type ExtractEvents, extract } from 'tar-stream'
import { isSystemError, readError } from '../files/file-error.js'
import { archiveBytes, isGzip } from './archive-bytes.js'
import { collisionKey, nameFault, plainName } from './entry-name.js'
import { type TarLimits, tarLimits } from './tar-limits.js'

/** How an archive is read. */
export interface ReadTarOptions {
  /** Limits other than {@link tarLimits}. */
  readonly limits?: Partial<TarLimits>
  /** Which files are wanted, by name; others are passed over unread. Default: all. */
  readonly include?: (name: string) => boolean
}

/** A file in an archive, read. */
export interface TarEntry {
  /** Its name: relative, `/` between folders, without `..` and a leading `./`. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** A file in an archive, not read yet. */
export interface TarMember {
  /** As in {@link TarEntry}. */
  readonly name: string
  /** Length in bytes. */
  readonly size: number
  /** Where its bytes begin in the archive, or null where that is packed. */
  readonly offset: number | null
  /**
   * Its bytes; once, and before the next member is asked for.
   *
   * @throws AssayError `LIMIT_EXCEEDED` where it has more than `entryBytes`
   */
  read(): Promise<Uint8Array>
}

type Source = ExtractEvents['entry'][1]

const blockBytes = 512

/** Where the blocks of an entry end in the unpacked archive. */
const endOf = ({ offset, header }: Source) =>
  offset + blockBytes + Math.ceil(header.size / blockBytes) * blockBytes

class TarReader {
  readonly #path: string
  readonly #limits: TarLimits
  /** Names by what they have in common with others that collide. */
  readonly #names = new Map<string, string>()
  #entries = 0
  #unpacked = 0
  #end = 0

  constructor(path: string, limits: Partial<TarLimits> = {}) {
    this.#path = path
    this.#limits = { ...tarLimits, ...limits }
  }

  /** The archive's bytes, counted on their way to the parser. */
  async *bytes(isPacked: boolean): AsyncGenerator<Uint8Array> {
    const { ratio } = this.#limits
    for await (const piece of archiveBytes(this.#path, { ratio, isPacked })) {
      this.#unpacked += piece.length
      if (this.#unpacked > this.#limits.totalBytes) {
        throw this.#tooLarge(`more than ${this.#limits.totalBytes} bytes`)
      }
      yield piece
    }
  }

  /** The name of a file, or null for a folder. */
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
    const key = collisionKey(name)
    const earlier = this.#names.get(key)
    if (earlier !== undefined) {
      const both = `${JSON.stringify(earlier)} and ${JSON.stringify(name)}`
      throw this.malformed(`two files that some systems take for one: ${both}`, name)
    }
    this.#names.set(key, name)
    return name
  }

  /** Throws where a file is larger than may be read. */
  assertReadable({ size }: Source['header']): void {
    const { entryBytes } = this.#limits
    if (size > entryBytes) throw this.#tooLarge(`a file of ${size} bytes, more than ${entryBytes}`)
  }

  /** An archive ends with a block of zeros; without it, nobody knows whether entries are missing. */
  assertEnded(): void {
    if (this.#unpacked < this.#end + blockBytes) throw this.malformed('no end: it is cut off')
  }

  /** Any error as one of ours; what the parser or gunzip throws means damage. */
  told(error: unknown): unknown {
    if (AssayError.isInstance(error)) return error
    return isSystemError(error)
      ? readError(this.#path, error)
      : this.malformed('damage', undefined, error)
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
function feed(bytes: AsyncIterable<Uint8Array>, unpack: Extract): Readable {
  const source = Readable.from(bytes, { objectMode: false })
  source.on('error', (error) => unpack.destroy(error))
  source.pipe(unpack)
  return source
}

/**
 * The files of a tar archive (ustar, pax or GNU; also packed with gzip), one after the other, from the
 * disk and within limits; each is read only where that is asked for. Folders are passed over. Links,
 * devices and pipes, names that lead outside, two names that some file system cannot tell apart, and an
 * archive without its end are errors.
 *
 * @throws AssayError `MALFORMED_TAR` and `LIMIT_EXCEEDED` with the file and the entry's number (from
 *   1) as row, `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function* walkTar(
  path: string,
  { limits }: Pick<ReadTarOptions, 'limits'> = {},
): AsyncGenerator<TarMember> {
  const reader = new TarReader(path, limits)
  const unpack = extract()
  let source: Readable | undefined
  try {
    const isPacked = await isGzip(path)
    source = feed(reader.bytes(isPacked), unpack)
    for await (const entry of unpack) {
      const name = reader.accept(entry)
      if (name !== null) yield memberOf(reader, { entry, name, isPacked })
      entry.resume()
    }
    reader.assertEnded()
  } catch (error) {
    throw reader.told(error)
  } finally {
    source?.destroy()
  }
}

interface NamedEntry {
  readonly entry: Source
  readonly name: string
  readonly isPacked: boolean
}

function memberOf(reader: TarReader, { entry, name, isPacked }: NamedEntry): TarMember {
  return {
    name,
    size: entry.header.size,
    offset: isPacked ? null : entry.offset + blockBytes,
    async read() {
      reader.assertReadable(entry.header)
      return contentOf(entry).catch((error: unknown) => {
        throw reader.told(error)
      })
    },
  }
}

/**
 * The files of a tar archive with their bytes; see {@link walkTar}.
 *
 * @throws AssayError as `walkTar` does
 */
export async function* readTar(
  path: string,
  { limits, include = () => true }: ReadTarOptions = {},
): AsyncGenerator<TarEntry> {
  for await (const member of walkTar(path, limits && { limits })) {
    if (include(member.name)) yield { name: member.name, bytes: await member.read() }
  }
}
