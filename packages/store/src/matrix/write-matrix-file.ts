import type { FileHandle } from 'node:fs/promises'
import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { type ReplaceOptions, replaceFile } from '../files/replace-file.js'
import { IdTable } from './id-table.js'
import { formatName, formatVersion, matrixForm } from './matrix-form.js'

/** What a matrix file is written with. */
export interface WriteMatrixOptions extends ReplaceOptions {
  /** Texts for the file's metadata; not `format`, `version`, `normalized`, `fingerprint`. */
  readonly metadata?: Readonly<Record<string, string>>
}

type Texts = Readonly<Record<string, string>>
type Blocks = Iterable<Matrix> | AsyncIterable<Matrix>

/** Lengths that a header must say, and does not know before the last block. */
interface Lengths {
  readonly rows: number
  readonly idBytes: number
}

const lengthBytes = 8
const alignment = 64
const writeBytes = 2 ** 30
const longest: Lengths = { rows: Number.MAX_SAFE_INTEGER, idBytes: Number.MAX_SAFE_INTEGER }
const ownKeys: readonly string[] = [
  matrixForm.format,
  matrixForm.version,
  matrixForm.normalized,
  matrixForm.fingerprint,
  '__proto__',
]

const invalid = (path: string, reason: string, remedy: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${path} cannot be written: ${reason}.`,
    value: reason,
    remedy,
    location: { file: path },
  })

/** The JSON header of a matrix whose first block is `first`. */
function headerOf(first: Matrix, { rows, idBytes }: Lengths, metadata: Texts): string {
  const { columns, normalized, fingerprint, ids } = first
  const idsStart = rows * columns * 4
  const textStart = idsStart + (rows + 1) * 4
  const tensor = (dtype: string, shape: number[], start: number, end: number) => ({
    dtype,
    shape,
    data_offsets: [start, end],
  })
  return JSON.stringify({
    __metadata__: {
      [matrixForm.format]: formatName,
      [matrixForm.version]: formatVersion,
      [matrixForm.normalized]: String(normalized),
      ...(fingerprint !== null && { [matrixForm.fingerprint]: fingerprint }),
      ...metadata,
    },
    [matrixForm.vectors]: tensor('F32', [rows, columns], 0, idsStart),
    ...(ids && {
      [matrixForm.idOffsets]: tensor('I32', [rows + 1], idsStart, textStart),
      [matrixForm.ids]: tensor('U8', [idBytes], textStart, textStart + idBytes),
    }),
  })
}

/** Writes blocks as they come; the header, which needs their number, comes last. */
class MatrixWriter {
  readonly #path: string
  readonly #file: FileHandle
  readonly #metadata: Texts
  readonly #ids: IdTable
  #first: Matrix | null = null
  #rows = 0
  #dataOffset = 0

  constructor(path: string, file: FileHandle, metadata: Texts) {
    this.#path = path
    this.#file = file
    this.#metadata = metadata
    this.#ids = new IdTable(path)
    const taken = Object.keys(metadata).find((key) => ownKeys.includes(key))
    if (taken === undefined) return
    throw invalid(path, `the metadata key ${JSON.stringify(taken)} is taken`, 'Rename the key.')
  }

  async add(block: Matrix): Promise<void> {
    if (this.#first === null) this.#start(block)
    else this.#assertAlike(this.#first, block)
    this.#ids.add(block.ids ?? [])
    const { buffer, byteOffset, byteLength } = block.data
    await this.#write(
      new Uint8Array(buffer, byteOffset, byteLength),
      this.#rows * block.columns * 4,
    )
    this.#rows += block.rows
  }

  async finish(): Promise<void> {
    const first = this.#first
    if (first === null) {
      throw new AssayError({
        code: 'EMPTY_INPUT',
        message: `${this.#path} cannot be written: there is no block to tell its columns.`,
        remedy: 'Pass at least one block; it may have no rows.',
        location: { file: this.#path },
      })
    }
    if (first.ids) {
      const offsets = this.#ids.offsets()
      const start = this.#rows * first.columns * 4
      await this.#write(offsets, start)
      await this.#write(this.#ids.text(), start + offsets.length)
    }
    const lengths = { rows: this.#rows, idBytes: this.#ids.bytes }
    const head = Buffer.alloc(this.#dataOffset, ' ')
    head.writeBigUInt64LE(BigInt(this.#dataOffset - lengthBytes), 0)
    head.write(headerOf(first, lengths, this.#metadata), lengthBytes)
    await this.#write(head, -this.#dataOffset)
  }

  /** Leaves room for the longest header that there can be. */
  #start(first: Matrix): void {
    const room = lengthBytes + Buffer.byteLength(headerOf(first, longest, this.#metadata))
    this.#dataOffset = Math.ceil(room / alignment) * alignment
    this.#first = first
  }

  #assertAlike(first: Matrix, block: Matrix): void {
    assertComparable(first, block)
    const alike =
      first.normalized === block.normalized &&
      first.fingerprint === block.fingerprint &&
      (first.ids === null) === (block.ids === null)
    if (alike) return
    const remedy = 'Pass blocks of one matrix: all with ids or none, all normalised or none.'
    throw invalid(this.#path, `the block at row ${this.#rows} differs from the first`, remedy)
  }

  /** Writes at an offset from the start of the data. */
  async #write(bytes: Uint8Array, offset: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, writeBytes)
      const position = this.#dataOffset + offset + done
      done += (await this.#file.write(bytes, done, length, position)).bytesWritten
    }
  }
}

/**
 * Writes a matrix, or its blocks one after the other, as a matrix file: safetensors with the rows as
 * F32 `vectors`, ids as UTF-8 `ids` with `id_offsets`, and `normalized` and `fingerprint` in its
 * metadata. Whole or not at all, as {@link writeFileAtomic}; only ids are held in memory.
 *
 * @throws AssayError `FILE_WRITE_FAILED`, `EMPTY_INPUT` (no block), `SHAPE_MISMATCH`,
 *   `FINGERPRINT_MISMATCH`, `DUPLICATE_ID`, `INVALID_ARGUMENT` (blocks that differ), `LIMIT_EXCEEDED`
 */
export async function writeMatrixFile(
  path: string,
  matrix: Matrix | Blocks,
  { metadata = {}, ...options }: WriteMatrixOptions = {},
): Promise<void> {
  const blocks: Blocks = 'data' in matrix ? [matrix] : matrix
  const write = async (file: FileHandle) => {
    const writer = new MatrixWriter(path, file, metadata)
    for await (const block of blocks) await writer.add(block)
    await writer.finish()
  }
  await replaceFile(path, write, options)
}
