import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { assertFinite, euclideanDistance } from '@assay/core/linear-algebra'
import { writeFileAtomic } from '@assay/store'
import type { Projection } from '../references/projection.js'
import { type NumberCodec, numberCodec } from './number-codec.js'
import { projectionOf, type ReferenceFiles, type ReferenceProgress } from './reference-files.js'
import { RowFile } from './row-file.js'

/** Bytes after which what was written is forced onto the disk. */
const CHECKPOINT_BYTES = 256 * 2 ** 20

interface WriterParts {
  readonly vectors: RowFile
  readonly projections: RowFile
  readonly projection: Projection
  readonly codec: NumberCodec
}

/** Appends rows and their projections to two files, and keeps account of how far they have come. */
export class ReferenceWriter {
  readonly #files: ReferenceFiles
  readonly #parts: WriterParts
  #progress: ReferenceProgress
  #unsafeBytes = 0

  private constructor(files: ReferenceFiles, begun: ReferenceProgress, parts: WriterParts) {
    this.#files = files
    this.#progress = begun
    this.#parts = parts
  }

  /** Goes on where an earlier writing was last safe. */
  static async open(files: ReferenceFiles, begun: ReferenceProgress): Promise<ReferenceWriter> {
    const projection = projectionOf(begun)
    const codec = numberCodec(begun.type)
    const bytes = { row: projection.columns * codec.bytes, projection: projection.dimensions * 4 }
    const vectors = await RowFile.open(files.vectors, begun.rows * bytes.row)
    const projections = await RowFile.open(files.projections, begun.rows * bytes.projection)
    return new ReferenceWriter(files, begun, { vectors, projections, projection, codec })
  }

  get progress(): ReferenceProgress {
    return this.#progress
  }

  async add(block: Matrix): Promise<void> {
    const { vectors, projections, projection, codec } = this.#parts
    const { rows, displacement, space } = this.#progress
    const { columns } = projection
    assertComparable({ columns, fingerprint: space.fingerprint }, block)
    const stored = codec.encode(block.data)
    const { projected, farthest } = this.#project(block, stored)
    await vectors.append(stored)
    await projections.append(projected)
    this.#progress = {
      ...this.#progress,
      rows: rows + block.rows,
      displacement: Math.max(displacement, farthest),
    }
    this.#unsafeBytes += stored.byteLength
    if (this.#unsafeBytes >= CHECKPOINT_BYTES) await this.checkpoint()
  }

  /** Forces what was written onto the disk, then says so. */
  async checkpoint(): Promise<void> {
    await this.#parts.vectors.sync()
    await this.#parts.projections.sync()
    await writeFileAtomic(this.#files.progress, JSON.stringify(this.#progress))
    this.#unsafeBytes = 0
  }

  async close(): Promise<void> {
    await this.#parts.vectors.close()
    await this.#parts.projections.close()
  }

  /** Projections of rows as they are stored, and how far storing moved the farthest of them. */
  #project(block: Matrix, stored: Uint16Array | Float32Array) {
    const { projection, codec } = this.#parts
    const { columns, dimensions, project } = projection
    const projected = new Float32Array(block.rows * dimensions)
    const values = new Float32Array(columns)
    let farthest = 0
    for (let row = 0; row < block.rows; row += 1) {
      const given = block.data.subarray(row * columns, (row + 1) * columns)
      const kept = codec.decode(stored.subarray(row * columns), values)
      const moved = euclideanDistance(given, kept)
      const own = projected.subarray(row * dimensions, (row + 1) * dimensions)
      own.set(project(kept))
      if (!Number.isFinite(moved) || !own.every(Number.isFinite)) {
        assertFinite(block)
        throw this.#beyondType(row)
      }
      farthest = Math.max(farthest, moved)
    }
    return { projected, farthest }
  }

  #beyondType(row: number): AssayError {
    const { type, rows } = this.#progress
    return new AssayError({
      code: 'NOT_FINITE',
      message: `Row ${rows + row} holds numbers that ${type} cannot hold.`,
      value: rows + row,
      remedy: "Give references in the sampler's space, or store them as float32.",
      location: { row: rows + row },
    })
  }
}
