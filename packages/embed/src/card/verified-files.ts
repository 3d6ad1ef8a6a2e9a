import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { type FileIdentity, fileIdentity, sameIdentity } from './file-identity.js'
import type { ModelCard, ModelFile } from './model-card.js'
import { type ExpectedFile, expectedFile, type ModelPins } from './model-pins.js'
import { namedFiles } from './named-files.js'

/** A file of a model that is what it should be. */
export interface VerifiedFile {
  /** Where it lies on this machine. */
  readonly file: string
  readonly bytes: number
  /** Hash of what was read, also where nothing said what it should be. */
  readonly sha256: string
  /** What was hashed, for files that are used from memory; null for the others. */
  readonly content: Uint8Array | null
  /** Tells whether the file was changed since; for files that are opened by path afterwards. */
  readonly identity: FileIdentity
}

/** How files are verified. */
export interface VerifyOptions {
  /** What the user accepted for files whose hash the card does not tell. Default: nothing. */
  readonly pins?: ModelPins
  /**
   * Files whose hash neither card nor pin tells: `refuse`, or `allow` where the model runs isolated.
   * Default `refuse`.
   */
  readonly unpinned?: 'refuse' | 'allow'
}

/**
 * All files of a model, each of the size and SHA-256 that its card or its pin says. The content of
 * graphs and tokenizers is what was hashed, so that it cannot be exchanged afterwards; all other files
 * are hashed in pieces and may be larger than memory.
 *
 * @throws AssayError `MODEL_NOT_PINNED`, `MODEL_FILE_MISSING`, `MODEL_HASH_MISMATCH`, each naming the
 *   file
 */
export async function verifiedFiles(
  folder: string,
  card: ModelCard,
  { pins = new Map(), unpinned = 'refuse' }: VerifyOptions = {},
): Promise<ReadonlyMap<string, VerifiedFile>> {
  const expected = card.files.map((file) => {
    const expectation = expectedFile(file, pins.get(file.path))
    if (expectation.sha256 === null && unpinned === 'refuse') throw notPinned(file)
    return expectation
  })
  const named = namedFiles(card).filter(({ held }) => held)
  const held = new Set(named.map(({ path }) => path))
  const files = new Map<string, VerifiedFile>()
  for (const file of expected) {
    files.set(file.path, await verifiedFile(folder, file, held.has(file.path)))
  }
  return files
}

async function verifiedFile(
  folder: string,
  expected: ExpectedFile,
  hold: boolean,
): Promise<VerifiedFile> {
  const file = join(folder, expected.path)
  const handle = await open(file).catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  try {
    const identity = await fileIdentity(handle)
    const bytes = Number(identity.size)
    if (expected.bytes !== null && bytes !== expected.bytes) {
      throw mismatch(file, `has ${bytes} bytes where ${expected.bytes} are expected`)
    }
    const { sha256, content } = await hashOf(handle, hold).catch((cause: unknown) => {
      throw unreadable(file, cause)
    })
    if (expected.sha256 !== null && sha256 !== expected.sha256) {
      throw mismatch(file, `has the SHA-256 ${sha256} where ${expected.sha256} is expected`)
    }
    return { file, bytes, sha256, content, identity }
  } finally {
    await handle.close()
  }
}

/**
 * Checks that nobody wrote to a file, or put another in its place, since it was verified.
 *
 * @throws AssayError `MODEL_HASH_MISMATCH` where somebody did, `MODEL_FILE_MISSING`
 */
export async function assertUnchanged({ file, identity }: VerifiedFile): Promise<void> {
  const handle = await open(file).catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  const now = await fileIdentity(handle).finally(() => handle.close())
  if (sameIdentity(now, identity)) return
  throw mismatch(file, 'was changed after it was verified')
}

async function hashOf(
  handle: FileHandle,
  hold: boolean,
): Promise<Pick<VerifiedFile, 'sha256' | 'content'>> {
  const hash = createHash('sha256')
  if (hold) {
    const content = await handle.readFile()
    // A plain array: `slice` of a Buffer would share its memory.
    const plain = new Uint8Array(content.buffer, content.byteOffset, content.length)
    return { sha256: hash.update(content).digest('hex'), content: plain }
  }
  const pieces = handle.createReadStream({ autoClose: false, highWaterMark: 2 ** 20 })
  for await (const piece of pieces) hash.update(piece as Uint8Array)
  return { sha256: hash.digest('hex'), content: null }
}

const unreadable = (file: string, cause: unknown): AssayError =>
  new AssayError({
    code: 'MODEL_FILE_MISSING',
    message: `The model file ${file} cannot be read.`,
    value: file,
    remedy: 'Install the model again, or correct its card.',
    location: { file },
    cause,
  })

const mismatch = (file: string, reason: string): AssayError =>
  new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `The model file ${file} ${reason}. It was not opened.`,
    value: file,
    remedy: 'Install the model again from its source; do not use this file.',
    location: { file },
  })

const notPinned = ({ path, reason }: ModelFile): AssayError =>
  new AssayError({
    code: 'MODEL_NOT_PINNED',
    message: `Nothing says which SHA-256 the model file ${path} must have: ${reason}`,
    value: path,
    remedy:
      'Pull the model with "assay models pull", which pins what it fetched once you agree, give `pins`, or run it isolated with `unpinned: "allow"`.',
    location: { file: path },
  })
