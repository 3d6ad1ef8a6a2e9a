import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readError } from './file-error.js'

/** SHA-256 of bytes, or of text as UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * SHA-256 of a file, read in pieces, as 64 lower-case hexadecimal digits.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece)
  } catch (error) {
    throw readError(path, error)
  }
  return hash.digest('hex')
}
