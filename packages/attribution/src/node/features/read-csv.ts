import { CsvParser, type CsvRecord } from '@assay/core/formats'
import { type LabelRow, labelError } from './label-row.js'
import { readTextChunks } from './read-text-chunks.js'

/**
 * The records of a CSV file (RFC 4180) by the names in its first record; an empty cell is null.
 *
 * @throws AssayError `MALFORMED_METADATA` with file and line (a name twice, another number of cells
 *   than names, a quote that does not end), `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function* readCsv(path: string): AsyncGenerator<LabelRow> {
  let names: readonly string[] | null = null
  for await (const { line, cells } of records(path)) {
    if (names === null) {
      names = cells
      const twice = names.find((name, at) => cells.indexOf(name) !== at)
      if (twice !== undefined) {
        throw labelError(path, { row: line, reason: `names ${JSON.stringify(twice)} twice` })
      }
      continue
    }
    if (cells.length !== names.length) {
      const reason = `has ${cells.length} cells where ${names.length} belong`
      throw labelError(path, { row: line, reason })
    }
    const values = names.map((name, at) => [name, cells[at] === '' ? null : cells[at]] as const)
    yield { file: path, number: line, values: new Map(values) }
  }
}

async function* records(path: string): AsyncGenerator<CsvRecord> {
  const parser = new CsvParser(path)
  for await (const chunk of readTextChunks(path)) yield* parser.take(chunk)
  yield* parser.finish()
}
