import { open } from 'node:fs/promises'
import { readError } from '../files/file-error.js'
import { type JournalRecord, scanJournal } from './scan-journal.js'

/**
 * The records of a journal that nobody needs to write, in order; the file is left as it is. A torn
 * last line is left out, as {@link openJournal} would.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `JOURNAL_CORRUPT` with file and line
 */
export async function* readJournal(path: string): AsyncGenerator<JournalRecord> {
  try {
    const file = await open(path, 'r')
    try {
      for await (const { record, line } of scanJournal(file, path)) yield { record, line }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw readError(path, error)
  }
}
