import { readFile, stat } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'
import { readError } from '../files/file-error.js'

/** What {@link readJson} accepts; each limit with the weakness that it stops. */
export interface JsonLimits {
  /** Bytes of a document: one that fills the memory. Default: 100 MiB. */
  readonly bytes: number
  /** Objects and arrays within each other: recursion in whoever walks the value. Default: 64. */
  readonly depth: number
}

/** The limits of {@link readJson} where the caller names no others. */
export const jsonLimits: JsonLimits = { bytes: 100 * 2 ** 20, depth: 64 }

async function readBounded(path: string, bytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size <= bytes) return await readFile(path)
    throw new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `${path} has ${size} bytes, more than ${bytes}.`,
      value: size,
      remedy: 'Split the document, or raise the limit if you trust it.',
      location: { file: path },
    })
  } catch (error) {
    throw readError(path, error)
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AssayError({
      code: 'MALFORMED_JSON',
      message: `${path} is not UTF-8.`,
      value: path,
      remedy: 'Save the document as UTF-8.',
      location: { file: path },
      cause,
    })
  }
}

/**
 * The value of a JSON file from outside: UTF-8, no key twice in one object, no `__proto__`, within
 * {@link jsonLimits}.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `MALFORMED_JSON`, `LIMIT_EXCEEDED`
 */
export async function readJson(
  path: string,
  { bytes = jsonLimits.bytes, depth = jsonLimits.depth }: Partial<JsonLimits> = {},
): Promise<unknown> {
  const text = decode(path, await readBounded(path, bytes))
  return parseJson(text, { file: path, maximumDepth: depth })
}
