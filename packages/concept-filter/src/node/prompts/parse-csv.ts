import { AssayError } from '@assay/core'

/** One record of a CSV file. */
export interface CsvRecord {
  /** Line on which it starts, counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A cell, quoted or bare, and what ends it. */
const cellForm = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y

/**
 * The records of a CSV text (RFC 4180); empty lines are none. A byte order mark is skipped.
 *
 * @param file names the text in errors
 * @throws AssayError `MALFORMED_METADATA` with file and line: a quote that does not end, or within a bare cell
 */
export function parseCsv(text: string, file: string): CsvRecord[] {
  const source = text.replace(/^\uFEFF/, '')
  const records: CsvRecord[] = []
  let [at, line, startLine] = [0, 1, 1]
  let cells: string[] = []
  while (at < source.length || cells.length > 0) {
    cellForm.lastIndex = at
    const match = cellForm.exec(source)
    if (match === null) throw malformed(file, line)
    const [whole, quoted, bare = '', end] = match
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    at += whole.length
    line += whole.split('\n').length - 1
    if (end === ',') continue
    const isEmpty = cells.length === 1 && whole.trim() === ''
    if (!isEmpty) records.push({ line: startLine, cells })
    cells = []
    startLine = line
  }
  return records
}

const malformed = (file: string, line: number) =>
  new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${file}, line ${line}: a quote does not end, or stands within a cell without quotes.`,
    value: line,
    remedy:
      'Write the file as CSV by RFC 4180: cells with quotes, commas or line breaks in quotes.',
    location: { file, row: line },
  })
