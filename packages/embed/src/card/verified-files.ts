import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { sha256 } from '@assay/store'
import type { ModelCard, ModelFile } from './model-card.js'

/**
 * The bytes of all files of a model, each of the size and SHA-256 that the card says. What is
 * returned is what was hashed, so that nothing can be exchanged afterwards.
 *
 * @throws AssayError `MODEL_FILE_MISSING`, `MODEL_HASH_MISMATCH`, each naming the file
 */
export async function verifiedFiles(
  folder: string,
  card: ModelCard,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const file of card.files) files.set(file.path, await verifiedFile(folder, file))
  return files
}

async function verifiedFile(folder: string, expected: ModelFile): Promise<Uint8Array> {
  const file = join(folder, expected.path)
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AssayError({
      code: 'MODEL_FILE_MISSING',
      message: `The model file ${file} cannot be read.`,
      value: file,
      remedy: 'Install the model again, or correct its card.',
      location: { file },
      cause,
    })
  })
  if (bytes.length !== expected.bytes) {
    throw mismatch(file, `has ${bytes.length} bytes where the card says ${expected.bytes}`)
  }
  const hash = sha256(bytes)
  if (hash !== expected.sha256) {
    throw mismatch(file, `has the SHA-256 ${hash} where the card says ${expected.sha256}`)
  }
  // A plain array: `slice` of a Buffer would share its memory.
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

const mismatch = (file: string, reason: string): AssayError =>
  new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `The model file ${file} ${reason}. It was not opened.`,
    value: file,
    remedy: 'Install the model again from its source; do not use this file.',
    location: { file },
  })
