import type { FileHandle } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { decodeLine, maxLineBytes } from './journal-line.js'

/** One record of a journal. */
export interface JournalRecord {
  /** The value that was appended. */
  readonly record: unknown
  /** Its line, counted from 1. */
  readonly line: number
}

/** One record and where its line ends in the file, in bytes. */
export interface ScannedRecord extends JournalRecord {
  readonly end: number
}

const chunkBytes = 2 ** 16
const lineEnd = '\n'.charCodeAt(0)

function corrupt(path: string, line: number, fault: string): AssayError {
  return new AssayError({
    code: 'JOURNAL_CORRUPT',
    message: `${path}, line ${line}, ${fault}.`,
    value: line,
    remedy: 'Restore the file from a copy, or remove the line if you can do without its record.',
    location: { file: path, row: line },
  })
}

function decoded(path: string, line: number, bytes: Buffer): unknown {
  const result = decodeLine(bytes)
  if ('fault' in result) throw corrupt(path, line, result.fault)
  return result.record
}

/**
 * The records of a journal in order. A last line without a line end is what a killed process left of
 * an append: it is no record and ends the scan quietly. Any other damage is an error.
 *
 * @throws AssayError `JOURNAL_CORRUPT` with file and line
 */
export async function* scanJournal(file: FileHandle, path: string): AsyncGenerator<ScannedRecord> {
  let held: Buffer[] = []
  let position = 0
  let lineStart = 0
  let line = 0
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position)
    if (bytesRead === 0) return
    const chunk = buffer.subarray(0, bytesRead)
    let start = 0
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, start)) {
      const bytes = Buffer.concat([...held, chunk.subarray(start, end)])
      held = []
      start = end + 1
      lineStart = position + start
      line++
      yield { record: decoded(path, line, bytes), line, end: lineStart }
    }
    held.push(chunk.subarray(start))
    position += bytesRead
    if (position - lineStart > maxLineBytes) {
      throw corrupt(path, line + 1, `is longer than ${maxLineBytes} bytes`)
    }
  }
}
