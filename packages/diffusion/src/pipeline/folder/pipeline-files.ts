import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { sha256File } from '@assay/store'
import { changed, missing } from './model-errors.js'
import { type ModelIndex, modelIndexFile } from './model-index.js'
import type { PipelineFile } from './pipeline-card.js'

/** What Python left beside the graph; no runtime here reads it, and it can be large. */
const weightsOfPython =
  /\.(safetensors|msgpack|ckpt|pt|h5)$|^(diffusion_)?(pytorch|flax)_model.*\.bin$/

/** A file as it was when it was hashed. */
export interface HashedFile extends PipelineFile {
  /** Inode, size and times: tells whether the file was changed since. */
  readonly stamp: string
}

/**
 * Hashes every file that a pipeline may read: all in the folders of its parts but what only Python
 * reads. A graph's external data have any name, so that the folder is taken whole.
 *
 * @param expected what the files must be, or null where nobody says so
 * @throws AssayError `MODEL_FILE_MISSING` for a part without files; `MODEL_NOT_PINNED` for a file that
 *   `expected` lacks, `MODEL_HASH_MISMATCH` for one that differs
 */
export async function hashPipelineFiles(
  folder: string,
  index: ModelIndex,
  expected: readonly PipelineFile[] | null,
): Promise<readonly HashedFile[]> {
  const wanted = expected && new Map(expected.map((file) => [file.path, file]))
  const hashed: HashedFile[] = []
  for (const path of await usedFiles(folder, index)) {
    const file = join(folder, path)
    const stamp = await stampOf(file)
    const bytes = Number((await stat(file)).size)
    const found = { path, bytes, sha256: await sha256File(file), stamp }
    if (wanted !== null) assertExpected(file, found, wanted.get(path))
    hashed.push(found)
  }
  return hashed
}

/** @throws AssayError `MODEL_HASH_MISMATCH` where a file was written to or replaced since it was hashed */
export async function assertUnchanged(folder: string, files: readonly HashedFile[]): Promise<void> {
  for (const { path, stamp } of files) {
    const file = join(folder, path)
    if ((await stampOf(file)) !== stamp)
      throw changed(file, 'was changed while the model was opened')
  }
}

async function usedFiles(folder: string, index: ModelIndex): Promise<string[]> {
  const parts = [
    index.denoiser,
    ...index.encoders.flatMap(({ encoder, tokenizer }) => [encoder, tokenizer]),
    ...(index.decoder === null ? [] : [index.decoder]),
    'scheduler',
  ]
  const files = [modelIndexFile]
  for (const part of parts) {
    const entries = await readdir(join(folder, part), { withFileTypes: true }).catch((cause) => {
      throw missingPart(join(folder, part), cause)
    })
    const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name)
    const read = names.filter((name) => !weightsOfPython.test(name)).sort()
    files.push(...read.map((name) => `${part}/${name}`))
  }
  return files
}

function assertExpected(file: string, found: PipelineFile, wanted: PipelineFile | undefined): void {
  if (wanted === undefined) {
    throw new AssayError({
      code: 'MODEL_NOT_PINNED',
      message: `Nothing says which SHA-256 the model file ${file} must have.`,
      value: found.path,
      remedy: 'Name the file in the card or in `files`, or take it out of the folder.',
      location: { file },
    })
  }
  if (found.bytes !== wanted.bytes) {
    throw changed(file, `has ${found.bytes} bytes where ${wanted.bytes} are expected`)
  }
  if (found.sha256 !== wanted.sha256) {
    throw changed(file, `has the SHA-256 ${found.sha256} where ${wanted.sha256} is expected`)
  }
}

/** No call of the system sets the change time, so a writer cannot put it back. */
async function stampOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true })
  return [dev, ino, size, mtimeNs, ctimeNs].join()
}

const missingPart = (file: string, cause: unknown): AssayError =>
  missing({
    file,
    message: `The pipeline names a part that is not there: ${file}.`,
    remedy:
      'Export the whole pipeline to ONNX, for instance with "optimum-cli export onnx", and name that folder.',
    cause,
  })
