import { AssayError } from '../errors/assay-error.js'

/** One record of a CSV text. */
export interface CsvRecord {
  /** Line on which it starts, counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Longest record in characters: an open quote that swallows the rest of the file. */
const longestRecord = 2 ** 20

/** Where the parser stands: before a cell, in a bare one, in a quoted one, or after a quote in it. */
type State = 'start' | 'bare' | 'quoted' | 'quote'

/**
 * Reads CSV (RFC 4180) from text that comes piece by piece; empty lines are no records, and a byte order mark
 * is skipped.
 *
 * @throws AssayError `MALFORMED_METADATA` with file and line: a quote that does not end or stands within a
 *   bare cell, a record of more than 2^20 characters
 */
export class CsvParser {
  readonly #file: string
  #state: State = 'start'
  #line = 1
  #firstLine = 1
  #cell = ''
  #cells: string[] = []
  #length = 0

  /** @param file what errors call the text */
  constructor(file: string) {
    this.#file = file
  }

  /** The records that end in the next piece of text. */
  *take(text: string): Generator<CsvRecord> {
    for (const character of text) {
      if (character === '\uFEFF' && this.#isAtStart()) continue
      if (character === '\n') this.#line++
      if (this.#state === 'quoted') this.#inQuotes(character)
      else if (character === '\n') yield* this.#endRecord()
      else this.#outside(character)
    }
  }

  /** The record that ends with the text, if any. */
  *finish(): Generator<CsvRecord> {
    if (this.#state === 'quoted') throw this.#fault('opens a quote that does not end')
    yield* this.#endRecord()
  }

  #isAtStart(): boolean {
    return this.#firstLine === 1 && this.#state === 'start' && this.#cells.length === 0
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
    const line = this.#firstLine
    const isEmpty = this.#cells.length === 0 && this.#state === 'start'
    this.#endCell()
    const cells = this.#cells
    this.#cells = []
    this.#length = 0
    this.#firstLine = this.#line
    if (!isEmpty) yield { line, cells }
  }

  #fault(reason: string): AssayError {
    return new AssayError({
      code: 'MALFORMED_METADATA',
      message: `Line ${this.#firstLine} of ${this.#file} ${reason}.`,
      value: this.#firstLine,
      remedy:
        'Write the file as CSV by RFC 4180: cells with quotes, commas or line breaks in quotes.',
      location: { file: this.#file, row: this.#firstLine },
    })
  }
}
