import { AssayError, type Matrix } from '@assay/core'
import type { HeadSide } from './attribution-head.js'

/** Rows at most this long have no direction. PyTorch's `normalize` divides them by this instead. */
const shortest = 1e-12

/** What to do with a row without direction. */
export type ZeroRows = 'refuse' | 'keep'

/** Mapped rows on their way to unit length. */
export interface UnitRows {
  /** The features before the map. */
  readonly features: Matrix
  readonly side: HeadSide
  /** Number of the first mapped row among them. */
  readonly firstRow: number
  /** Mapped rows; more may follow those that count. */
  readonly mapped: Float64Array | Float32Array
  /** Columns of a mapped row. */
  readonly columns: number
  /** Where all rows of unit length go; rows behind its end do not count. */
  readonly unit: Float32Array
  readonly zeroRows: ZeroRows
}

/**
 * Writes mapped rows at unit length into `unit`, lengths in float64. A row whose features are all zero,
 * or whose image is, has no direction: an error, or a row of zeros.
 *
 * @throws AssayError `ZERO_VECTOR`, `NOT_FINITE` with row and id
 */
export function writeUnitRows(rows: UnitRows): void {
  const { features, firstRow, mapped, columns, unit, zeroRows } = rows
  const count = Math.min(mapped.length / columns, features.rows - firstRow)
  for (let row = 0; row < count; row++) {
    let squares = 0
    const start = row * columns
    for (let at = start; at < start + columns; at++) squares += mapped[at]! ** 2
    const length = Math.sqrt(squares)
    if (!Number.isFinite(length)) throw notFinite(rows, row)
    if (length <= shortest || isZero(features, firstRow + row)) {
      if (zeroRows === 'refuse') throw zeroVector(rows, row)
      continue
    }
    const to = firstRow * columns
    for (let at = start; at < start + columns; at++) unit[to + at] = mapped[at]! / length
  }
}

function isZero({ data, columns }: Matrix, row: number): boolean {
  const end = (row + 1) * columns
  for (let at = row * columns; at < end; at++) if (data[at] !== 0) return false
  return true
}

function placeOf({ features, firstRow }: UnitRows, row: number) {
  const id = features.ids?.[firstRow + row] ?? String(firstRow + row)
  return { row: firstRow + row, id }
}

const notFinite = (rows: UnitRows, row: number): AssayError => {
  const location = placeOf(rows, row)
  return new AssayError({
    code: 'NOT_FINITE',
    message: `The ${rows.side} features of ${JSON.stringify(location.id)} hold NaN or infinities, or numbers too large to be mapped.`,
    value: location.id,
    remedy: 'Leave this item out and count it as missing, or embed it again.',
    location,
  })
}

const zeroVector = (rows: UnitRows, row: number): AssayError => {
  const location = placeOf(rows, row)
  return new AssayError({
    code: 'ZERO_VECTOR',
    message: `The ${rows.side} features of ${JSON.stringify(location.id)} are zero, before the head or after it, and have no direction.`,
    value: location.id,
    remedy: "Leave this item out and count it as missing, or pass zeroRows: 'keep'.",
    location,
  })
}
