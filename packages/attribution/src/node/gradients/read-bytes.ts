import { readFile, stat } from 'node:fs/promises'
import { AssayError } from '@assay/core'

/** Bytes of the largest file that is read as a whole. */
const mostBytes = 2 ** 31 - 1

/**
 * A file as a whole.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `LIMIT_EXCEEDED`
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size <= mostBytes) return await readFile(path)
    throw new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `${path} has ${size} bytes, more than ${mostBytes}.`,
      value: size,
      remedy: 'Split it into several files.',
      location: { file: path },
    })
  } catch (cause) {
    if (AssayError.isInstance(cause)) throw cause
    const reason = cause instanceof Error && 'code' in cause ? cause.code : null
    throw new AssayError({
      code: reason === 'ENOENT' ? 'FILE_MISSING' : 'FILE_READ_FAILED',
      message: `Could not read ${path}: ${reason ?? cause}.`,
      value: path,
      remedy: 'Check the path, and the right to read it.',
      location: { file: path },
      cause,
    })
  }
}
