import { decodeFloat16 } from '@assay/core/formats'
import type { VectorBytes, Vectors } from './decoder-protocol.js'
import { ParquetFault } from './parquet-fault.js'

const arrays = { float16: Uint16Array, float32: Float32Array, float64: Float64Array } as const

function numbersOf(bytes: Uint8Array, type: VectorBytes | null): ArrayLike<number> | string {
  if (type === null) return 'holds bytes: say which numbers they are'
  const { BYTES_PER_ELEMENT: width } = arrays[type]
  if (bytes.length % width !== 0) return `holds ${bytes.length} bytes, not whole ${type}s`
  const { buffer } = new Uint8Array(bytes)
  return type === 'float16' ? decodeFloat16(new Uint16Array(buffer)) : new arrays[type](buffer)
}

/** The numbers of a cell, or what is wrong with it. */
function vectorOf(cell: unknown, type: VectorBytes | null): ArrayLike<unknown> | string {
  if (cell instanceof Uint8Array) return numbersOf(cell, type)
  if (Array.isArray(cell)) return cell
  return cell == null ? 'is missing' : `holds a ${typeof cell}, not a vector`
}

/** Puts the numbers into their place, or says what is wrong with them. */
function place(target: Float32Array, at: number, vector: ArrayLike<unknown>): string | null {
  for (let index = 0; index < vector.length; index++) {
    const value = vector[index]
    if (typeof value !== 'number') return `holds no number at place ${index}`
    target[at + index] = value
    const overflow = Math.abs(target[at + index]!) === Infinity && Number.isFinite(value)
    if (overflow) return `holds ${value}, beyond float32`
  }
  return null
}

/**
 * The cells of a column as float32 vectors.
 *
 * @param firstRow number of the first cell's row in the file
 * @throws ParquetFault with the row that is missing, no vector or of another length than the first
 */
export function vectorsOf(
  cells: ArrayLike<unknown>,
  type: VectorBytes | null,
  firstRow: number,
): Vectors {
  let columns = 0
  let data = new Float32Array(0)
  for (let row = 0; row < cells.length; row++) {
    const fault = (reason: string) =>
      new ParquetFault('MALFORMED_PARQUET', `has a cell that ${reason}`, firstRow + row)
    const vector = vectorOf(cells[row], type)
    if (typeof vector === 'string') throw fault(vector)
    if (row === 0) {
      columns = vector.length
      data = new Float32Array(cells.length * columns)
    }
    if (columns === 0) throw fault('is empty')
    if (vector.length !== columns) throw fault(`holds ${vector.length} values, not ${columns}`)
    const wrong = place(data, row * columns, vector)
    if (wrong !== null) throw fault(wrong)
  }
  return { columns, data }
}
