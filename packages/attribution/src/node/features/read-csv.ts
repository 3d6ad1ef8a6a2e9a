import { type LabelRow, labelError } from './label-row.js'
import { readTextChunks } from './read-text-chunks.js'

/** Longest record in characters: an open quote that swallows the rest of the file. */
const longestRecord = 2 ** 20

/**
 * The records of a CSV file (RFC 4180) by the names in its first record; an empty cell is null.
 *
 * @throws AssayError `MALFORMED_METADATA` with file and line (a name twice, another number of cells
 *   than names, a quote that does not end), `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function* readCsv(path: string): AsyncGenerator<LabelRow> {
  let names: readonly string[] | null = null
  for await (const { number, cells } of records(path)) {
    if (names === null) {
      names = cells
      const twice = names.find((name, at) => cells.indexOf(name) !== at)
      if (twice !== undefined) {
        throw labelError(path, { row: number, reason: `names ${JSON.stringify(twice)} twice` })
      }
      continue
    }
    if (cells.length !== names.length) {
      const reason = `has ${cells.length} cells where ${names.length} belong`
      throw labelError(path, { row: number, reason })
    }
    const values = names.map((name, at) => [name, cells[at] === '' ? null : cells[at]] as const)
    yield { file: path, number, values: new Map(values) }
  }
}

interface CsvRecord {
  /** Line on which it starts, counted from 1. */
  readonly number: number
  readonly cells: readonly string[]
}

async function* records(path: string): AsyncGenerator<CsvRecord> {
  const parser = new CsvParser(path)
  for await (const chunk of readTextChunks(path)) yield* parser.take(chunk)
  yield* parser.finish()
}

/** Where the parser stands: before a cell, in a bare one, in a quoted one, or after a quote in it. */
type State = 'start' | 'bare' | 'quoted' | 'quote'

class CsvParser {
  readonly #path: string
  #state: State = 'start'
  #line = 1
  #firstLine = 1
  #cell = ''
  #cells: string[] = []
  #length = 0

  constructor(path: string) {
    this.#path = path
  }

  *take(text: string): Generator<CsvRecord> {
    for (const character of text) {
      if (character === '\n') this.#line++
      if (this.#state === 'quoted') this.#inQuotes(character)
      else if (character === '\n') yield* this.#endRecord()
      else this.#outside(character)
    }
  }

  *finish(): Generator<CsvRecord> {
    if (this.#state === 'quoted') throw this.#fault('opens a quote that does not end')
    yield* this.#endRecord()
  }

  #inQuotes(character: string): void {
    if (character === '"') this.#state = 'quote'
    else this.#add(character)
  }

  #outside(character: string): void {
    const state = this.#state
    if (character === ',') this.#endCell()
    else if (character === '"' && state === 'start') this.#state = 'quoted'
    else if (character === '"' && state === 'quote') {
      this.#state = 'quoted'
      this.#add(character)
    } else if (character === '"') throw this.#fault('has a quote within a cell without quotes')
    else if (character === '\r') return
    else if (state === 'quote') throw this.#fault('goes on after the quote that ends a cell')
    else {
      this.#state = 'bare'
      this.#add(character)
    }
  }

  #add(character: string): void {
    this.#cell += character
    if (++this.#length > longestRecord) {
      throw this.#fault(`is longer than ${longestRecord} characters`)
    }
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#state = 'start'
  }

  /** A line without anything on it is no record. */
  *#endRecord(): Generator<CsvRecord> {
    const number = this.#firstLine
    const isEmpty = this.#cells.length === 0 && this.#state === 'start'
    this.#endCell()
    const cells = this.#cells
    this.#cells = []
    this.#length = 0
    this.#firstLine = this.#line
    if (!isEmpty) yield { number, cells }
  }

  #fault(reason: string) {
    return labelError(this.#path, { row: this.#firstLine, reason })
  }
}
