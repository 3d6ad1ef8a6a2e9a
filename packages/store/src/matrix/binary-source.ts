import type { FileHandle } from 'node:fs/promises'
import { AssayError, type AssayErrorCode } from '@assay/core'
import { type BinaryLayout, BinaryRows, bytesPerNumber, regionOf } from './binary-rows.js'
import type { MatrixSource, NumberType } from './matrix-source.js'

/** What else a file says of its rows. */
type Labels = Partial<Pick<MatrixSource, 'ids' | 'normalized' | 'fingerprint' | 'metadata'>>

/** The source of rows that stand in a file as a layout says. */
export function binarySource(
  file: FileHandle,
  path: string,
  { layout, labels = {} }: { readonly layout: BinaryLayout; readonly labels?: Labels },
): MatrixSource {
  const { rows, columns, type } = layout
  const reader = new BinaryRows(file, path, layout)
  return {
    rows,
    columns,
    type,
    ids: null,
    normalized: null,
    fingerprint: null,
    metadata: new Map(),
    ...labels,
    region: regionOf(path, layout),
    read: (start, count) => reader.read(start, count),
    close: () => file.close(),
  }
}

const unsupported = (path: string, reason: string, remedy: string, value: unknown) =>
  new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${path} holds ${reason}.`,
    value,
    remedy,
    location: { file: path },
  })

/**
 * The element type of numbers that can be read as float32.
 *
 * @throws AssayError `UNSUPPORTED_FORMAT`
 */
export function numberType(path: string, type: string | null): NumberType {
  if (type === 'float16' || type === 'float32' || type === 'float64') return type
  const reason = `values of another type (${type ?? 'unknown'}) than float16, float32 and float64`
  throw unsupported(path, reason, 'Convert them to float32.', type)
}

/**
 * Rows and columns of a shape; one dimension is one row.
 *
 * @throws AssayError `UNSUPPORTED_FORMAT`
 */
export function rowsAndColumns(path: string, shape: readonly number[]): [number, number] {
  const [rows, columns] = shape.length === 1 ? [1, ...shape] : shape
  const isMatrix = shape.length === 1 || shape.length === 2
  if (isMatrix && rows !== undefined && columns !== undefined && columns > 0) return [rows, columns]
  const reason = `an array of shape (${shape.join(', ')}), which is no matrix`
  throw unsupported(path, reason, 'Reshape it to rows and columns, and save it again.', shape)
}

/**
 * Throws unless the numbers of a layout are all that follows its offset, naming the row that is cut.
 *
 * @throws AssayError with `code`
 */
export function assertFilled(
  path: string,
  layout: BinaryLayout,
  { size, code }: { readonly size: number; readonly code: AssayErrorCode },
): void {
  const rowBytes = layout.columns * bytesPerNumber(layout.type)
  const present = size - layout.offset
  if (present === layout.rows * rowBytes) return
  const whole = Math.max(0, Math.floor(present / rowBytes))
  const row = layout.fortranOrder ? undefined : Math.min(whole, layout.rows)
  throw new AssayError({
    code,
    message: `${path} has ${present} bytes of values where ${layout.rows} rows of ${rowBytes} belong.`,
    value: present,
    remedy: 'Write or fetch the file again, and check the shape that you say it has.',
    location: row === undefined ? { file: path } : { file: path, row },
  })
}
