import { createReadStream } from 'node:fs'
import { AssayError } from '@assay/core'

/**
 * The text of a UTF-8 file, piece by piece, without its byte order mark.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `MALFORMED_METADATA` (no UTF-8)
 */
export async function* readTextChunks(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): AssayError {
  const reason = cause instanceof Error && 'code' in cause ? cause.code : null
  const location = { file: path }
  if (reason === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new AssayError({
      code: 'MALFORMED_METADATA',
      message: `${path} is not UTF-8.`,
      value: path,
      remedy: 'Save the file as UTF-8.',
      location,
      cause,
    })
  }
  return new AssayError({
    code: reason === 'ENOENT' ? 'FILE_MISSING' : 'FILE_READ_FAILED',
    message: `Could not read ${path}: ${reason ?? cause}.`,
    value: path,
    remedy: 'Check the path, and the right to read it.',
    location,
    cause,
  })
}
