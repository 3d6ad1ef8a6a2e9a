import { open } from 'node:fs/promises'
import { AssayError, createMatrix, selectRows } from '@assay/core'
import { type LabelRow, labelError } from '../features/label-row.js'
import { readCsv } from '../features/read-csv.js'
import { readJsonl } from '../features/read-jsonl.js'
import type { StoredRows } from '../features/stored-rows.js'
import type { OpenGradientsOptions } from './open-gradients.js'

/** Numbers that text may hold before it is better written in another form: 1 GiB of float32. */
const mostNumbers = 2 ** 28

/**
 * The vectors of a text file, in memory: JSONL with an object a line, or CSV with names first and all
 * columns but that of the id as numbers.
 *
 * @throws AssayError `MALFORMED_METADATA` with file and line, `SHAPE_MISMATCH`, `DUPLICATE_ID`,
 *   `EMPTY_INPUT`, `LIMIT_EXCEEDED`
 */
export async function readTextMatrix(
  path: string,
  { vectorField = 'vector', idField = 'id' }: OpenGradientsOptions,
): Promise<StoredRows> {
  const isJson = (await firstCharacter(path)) === '{'
  const rows: number[][] = []
  const ids: string[] = []
  let numbers = 0
  for await (const row of isJson ? readJsonl(path) : readCsv(path)) {
    const vector = isJson ? row.values.get(vectorField) : columnsOf(row, idField)
    rows.push(numbersOf(row, vector, rows[0]?.length ?? null))
    const id = row.values.get(idField)
    if (id !== undefined && id !== null) ids.push(String(id))
    numbers += rows.at(-1)?.length ?? 0
    if (numbers > mostNumbers) throw tooLarge(path, numbers)
  }
  if (rows.length === 0) throw empty(path)
  const matrix = createMatrix({ data: rows, ids: ids.length > 0 ? ids : null })
  return {
    ...{ rows: matrix.rows, columns: matrix.columns, ids: matrix.ids },
    ...{ normalized: false, fingerprint: null, metadata: new Map() },
    read: async (start, count) =>
      selectRows(
        matrix,
        Array.from({ length: count }, (_, at) => start + at),
      ),
    close: async () => {},
  }
}

async function firstCharacter(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\uFEFF/, '')
      .trimStart()
      .charAt(0)
  } finally {
    await file.close()
  }
}

/** The cells of a CSV record but the id, as numbers. */
const columnsOf = ({ values }: LabelRow, idField: string): number[] =>
  [...values]
    .filter(([name]) => name !== idField)
    .map(([, cell]) => (typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : Number.NaN))

function numbersOf(
  { file, number: row }: LabelRow,
  vector: unknown,
  length: number | null,
): number[] {
  const isVector =
    Array.isArray(vector) && vector.length > 0 && vector.every((value) => Number.isFinite(value))
  if (!isVector) throw labelError(file, { row, reason: 'holds no vector of finite numbers' })
  if (length === null || vector.length === length) return vector
  const reason = `holds ${vector.length} numbers where ${length} belong`
  throw labelError(file, { row, reason, value: vector.length })
}

const empty = (path: string) =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: `${path} holds no vector.`,
    value: 0,
    remedy: 'Name a file with at least one.',
    location: { file: path },
  })

const tooLarge = (path: string, numbers: number) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `${path} holds more than ${mostNumbers} numbers as text.`,
    value: numbers,
    remedy: 'Save them as npy or safetensors, which are read in parts.',
    location: { file: path },
  })
