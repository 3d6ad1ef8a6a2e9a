import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssayError, type Progress } from '@assay/core'
import { sha256File } from '@assay/store'
import { loadModelCard } from '../card/load-model-card.js'
import { type ExpectedFile, expectedFile, type ModelPins } from '../card/model-pins.js'
import { assertNotAborted } from '../pipeline/aborted-error.js'

/** How a model is verified. */
export interface VerifyModelOptions {
  /** Folder that holds `card.json`. */
  readonly folder: string
  /** What the user accepted for files whose hash the card does not tell. Default: nothing. */
  readonly pins?: ModelPins
  /** Told of every file. */
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** What was found of a file. */
export interface VerifiedModelFile {
  readonly path: string
  /** `unpinned`: it is here, and nothing says what it must be. */
  readonly state: 'ok' | 'missing' | 'changed' | 'unpinned'
  /** Expected by card or pin, or null. */
  readonly expected: Pick<ExpectedFile, 'bytes' | 'sha256'>
  /** What is here; null where the file is missing. */
  readonly found: { readonly bytes: number; readonly sha256: string } | null
}

/** What was found of a model. */
export interface ModelVerification {
  readonly id: string
  readonly folder: string
  /** Whether every file is `ok`. */
  readonly intact: boolean
  readonly files: readonly VerifiedModelFile[]
}

/**
 * Hashes every file of a model and compares it with card and pins. A file that is wrong is a finding,
 * not an error.
 *
 * @throws AssayError `MODEL_FILE_MISSING` where there is no card; `MODEL_CARD_INVALID`;
 *   `MODEL_HASH_MISMATCH` where card and pins contradict each other; `FILE_READ_FAILED`; `ABORTED`
 */
export async function verifyModel(options: VerifyModelOptions): Promise<ModelVerification> {
  const { folder, pins = new Map(), progress = () => {}, signal } = options
  const card = await loadModelCard(folder)
  const files: VerifiedModelFile[] = []
  const total = card.files.length
  for (const file of card.files) {
    assertNotAborted(signal)
    files.push(await verifyFile(folder, expectedFile(file, pins.get(file.path))))
    progress({ task: `verify ${card.id}`, done: files.length, total })
  }
  const intact = files.every(({ state }) => state === 'ok')
  return { id: card.id, folder, intact, files }
}

async function verifyFile(folder: string, expected: ExpectedFile): Promise<VerifiedModelFile> {
  const { path, bytes, sha256 } = expected
  const told = { path, expected: { bytes, sha256 } }
  const found = await contentOf(join(folder, path))
  if (found === null) return { ...told, state: 'missing', found }
  const changed =
    (bytes !== null && bytes !== found.bytes) || (sha256 !== null && sha256 !== found.sha256)
  return { ...told, state: changed ? 'changed' : sha256 === null ? 'unpinned' : 'ok', found }
}

async function contentOf(file: string): Promise<VerifiedModelFile['found']> {
  try {
    const sha256 = await sha256File(file)
    return { sha256, bytes: (await stat(file)).size }
  } catch (error) {
    if (AssayError.isInstance(error) && error.code === 'FILE_MISSING') return null
    throw error
  }
}
