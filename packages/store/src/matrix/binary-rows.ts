import type { FileHandle } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { decodeFloat16 } from '@assay/core/formats'
import { readInto } from '../files/read-into.js'
import type { MatrixRegion, NumberType } from './matrix-source.js'

/** Where and how the numbers of a matrix stand in a file. */
export interface BinaryLayout {
  /** Where the numbers start, in bytes. */
  readonly offset: number
  readonly rows: number
  readonly columns: number
  readonly type: NumberType
  /** Whether the numbers of a column stand together (Fortran order), not those of a row. */
  readonly fortranOrder: boolean
  readonly bigEndian: boolean
}

const widths: Readonly<Record<NumberType, number>> = { float16: 2, float32: 4, float64: 8 }
const pieceBytes = 8 * 2 ** 20

/** Bytes that one number takes. */
export const bytesPerNumber = (type: NumberType): number => widths[type]

/** The part of the file that is float32 as it stands, or null where values must be converted. */
export function regionOf(path: string, layout: BinaryLayout): MatrixRegion | null {
  const { offset, rows, columns, type, fortranOrder, bigEndian } = layout
  if (type !== 'float32' || fortranOrder || bigEndian) return null
  return { path, offset, bytes: rows * columns * widths.float32, rows, columns }
}

/** Reads rows of a layout as float32. */
export class BinaryRows {
  readonly #file: FileHandle
  readonly #path: string
  readonly #layout: BinaryLayout
  readonly #halves: Float32Array | null

  constructor(file: FileHandle, path: string, layout: BinaryLayout) {
    this.#file = file
    this.#path = path
    this.#layout = layout
    // A table of all float16 values converts some twenty times faster than arithmetic.
    const isHalf = layout.type === 'float16'
    this.#halves = isHalf
      ? decodeFloat16(Uint16Array.from({ length: 2 ** 16 }, (_, at) => at))
      : null
  }

  async read(start: number, count: number): Promise<Float32Array> {
    const { columns, fortranOrder } = this.#layout
    const values = new Float32Array(count * columns)
    if (regionOf(this.#path, this.#layout)) await this.#fill(values, start * columns)
    else if (fortranOrder) await this.#gather(values, start, count)
    else await this.#convertAll(values, start * columns)
    return values
  }

  /** Float32 as it stands: read right into its place. */
  async #fill(values: Float32Array, first: number): Promise<void> {
    await this.#bytes(new Uint8Array(values.buffer), first)
  }

  async #convertAll(values: Float32Array, first: number): Promise<void> {
    const step = pieceBytes / bytesPerNumber(this.#layout.type)
    for (let at = 0; at < values.length; at += step) {
      const numbers = await this.#numbers(first + at, Math.min(step, values.length - at))
      this.#place(numbers, values, { at, stride: 1, first: first + at })
    }
  }

  /** One read a column. */
  async #gather(values: Float32Array, start: number, count: number): Promise<void> {
    const { rows, columns } = this.#layout
    for (let column = 0; column < columns; column++) {
      const first = column * rows + start
      const numbers = await this.#numbers(first, count)
      this.#place(numbers, values, { at: column, stride: columns, first })
    }
  }

  /** Numbers by their place in the file, in the type that the file has. */
  async #numbers(first: number, count: number): Promise<ArrayLike<number>> {
    const { type, bigEndian } = this.#layout
    const bytes = Buffer.alloc(count * bytesPerNumber(type))
    await this.#bytes(bytes, first)
    const { buffer, byteOffset } = bytes
    if (type === 'float64') {
      if (bigEndian) bytes.swap64()
      return new Float64Array(buffer, byteOffset, count)
    }
    if (type === 'float32') {
      if (bigEndian) bytes.swap32()
      return new Float32Array(buffer, byteOffset, count)
    }
    if (bigEndian) bytes.swap16()
    return new Uint16Array(buffer, byteOffset, count)
  }

  #place(
    numbers: ArrayLike<number>,
    values: Float32Array,
    { at, stride, first }: { at: number; stride: number; first: number },
  ): void {
    const halves = this.#halves
    for (let index = 0; index < numbers.length; index++) {
      values[at + index * stride] = halves ? halves[numbers[index]!]! : numbers[index]!
    }
    if (this.#layout.type !== 'float64') return
    for (let index = 0; index < numbers.length; index++) {
      const beyond = Math.abs(values[at + index * stride]!) === Number.POSITIVE_INFINITY
      if (beyond && Number.isFinite(numbers[index])) {
        throw this.#overflow(numbers[index]!, this.#rowOf(first + index))
      }
    }
  }

  async #bytes(target: Uint8Array, first: number): Promise<void> {
    const { offset, type } = this.#layout
    const position = offset + first * bytesPerNumber(type)
    const done = await readInto(this.#file, target, position)
    if (done < target.length) throw this.#shortened(first + Math.floor(done / bytesPerNumber(type)))
  }

  #rowOf(place: number): number {
    const { rows, columns, fortranOrder } = this.#layout
    return fortranOrder ? place % rows : Math.floor(place / columns)
  }

  #overflow(value: number, row: number): AssayError {
    return new AssayError({
      code: 'NOT_FINITE',
      message: `${this.#path}, row ${row}, holds ${value}, which float32 cannot hold.`,
      value,
      remedy: 'Scale the values, or leave this row out and count it as missing.',
      location: { file: this.#path, row },
    })
  }

  #shortened(place: number): AssayError {
    const row = this.#rowOf(place)
    return new AssayError({
      code: 'FILE_READ_FAILED',
      message: `${this.#path} became shorter while it was read: row ${row} is not there any more.`,
      value: row,
      remedy: 'Let nothing write the file while it is read.',
      location: { file: this.#path, row },
    })
  }
}
