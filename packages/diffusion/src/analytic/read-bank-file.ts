import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { sha256 } from '@assay/store'

/**
 * The bytes of a file of a bank.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `MODEL_HASH_MISMATCH`
 */
export async function readBankFile(
  folder: string,
  expected: { readonly path: string; readonly sha256: string },
): Promise<Uint8Array> {
  const file = join(folder, expected.path)
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(file, cause)
  })
  const hash = sha256(bytes)
  if (hash === expected.sha256) return bytes
  throw new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `The SHA-256 of ${file} is ${hash}, not ${expected.sha256}.`,
    value: hash,
    remedy: 'Install the picture bank again; do not use this file.',
    location: { file },
  })
}

const unreadable = (file: string, cause: NodeJS.ErrnoException): AssayError =>
  new AssayError({
    code: cause.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_READ_FAILED',
    message: `The file ${file} of the picture bank cannot be read: ${cause.code}.`,
    value: file,
    remedy: 'Name the folder of a whole bank that this user may read.',
    location: { file },
    cause,
  })
