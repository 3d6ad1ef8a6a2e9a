import { AssayError } from '../errors/assay-error.js'
import { assertFinite } from './assert-finite.js'
import type { Matrix } from './matrix.js'

/** What a matrix is made from. */
export interface MatrixOptions {
  /** Row-major values, which are kept and not copied; or one array a row, for small cases. */
  readonly data: Float32Array | readonly (readonly number[])[]
  /** Values a row, at least 1. May be left out only where `data` has at least one array. */
  readonly columns?: number
  /** Rows expected, as a check. Default: what `data` holds. */
  readonly rows?: number
  /** One distinct identifier a row. Default: null, the row number is the identifier. */
  readonly ids?: readonly string[] | null
  /** Says that every row has unit length; believed, not measured. Default: false. */
  readonly normalized?: boolean
  /** Hash over weights and preprocessing. Default: null, not known. */
  readonly fingerprint?: string | null
  /** Whether a NaN or an infinity is an error. Default: false. */
  readonly requireFinite?: boolean
}

const mismatch = (message: string, value: unknown) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message,
    value,
    remedy: 'Give `rows * columns` values, and one id a row.',
  })

function columnsOf({
  data,
  columns = ArrayBuffer.isView(data) ? 0 : (data[0]?.length ?? 0),
}: MatrixOptions) {
  if (Number.isInteger(columns) && columns >= 1) return columns
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A matrix needs a whole number of columns of at least 1, got ${columns}.`,
    value: columns,
    remedy: 'Pass `columns`, the length of one embedding.',
  })
}

function flatten(data: readonly (readonly number[])[], columns: number): Float32Array {
  const values = new Float32Array(data.length * columns)
  data.forEach((row, index) => {
    if (row.length !== columns) {
      throw mismatch(`Row ${index} has ${row.length} values where ${columns} belong.`, row.length)
    }
    values.set(row, index * columns)
  })
  return values
}

function assertDistinct(ids: readonly string[], rows: number): void {
  if (ids.length !== rows) throw mismatch(`${ids.length} ids for ${rows} rows.`, ids.length)
  const seen = new Set<string>()
  ids.forEach((id, row) => {
    if (seen.has(id)) {
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `The id ${JSON.stringify(id)} names two rows.`,
        value: id,
        remedy: 'Give every row an id of its own.',
        location: { row, id },
      })
    }
    seen.add(id)
  })
}

/**
 * A matrix from its values, checked.
 *
 * @throws AssayError `INVALID_ARGUMENT` (columns), `SHAPE_MISMATCH` (lengths that do not fit),
 *   `DUPLICATE_ID`, `NOT_FINITE` (with `requireFinite`)
 */
export function createMatrix(options: MatrixOptions): Matrix {
  const { ids = null, normalized = false, fingerprint = null, requireFinite = false } = options
  const columns = columnsOf(options)
  const data = ArrayBuffer.isView(options.data) ? options.data : flatten(options.data, columns)
  const rows = options.rows ?? data.length / columns
  if (rows * columns !== data.length || !Number.isInteger(rows)) {
    throw mismatch(`${data.length} values do not fill ${rows} rows of ${columns}.`, data.length)
  }
  if (ids) assertDistinct(ids, rows)
  const matrix = { data, rows, columns, ids, normalized, fingerprint }
  if (requireFinite) assertFinite(matrix)
  return matrix
}
