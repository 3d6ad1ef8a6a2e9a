import { AssayError, type Engine, type EngineSession, type ImageEncoder } from '@assay/core'
import { loadModelCard } from '../card/load-model-card.js'
import type { ModelCard } from '../card/model-card.js'
import {
  assertUnchanged,
  type VerifiedFile,
  type VerifyOptions,
  verifiedFiles,
} from '../card/verified-files.js'
import type { ImageLimits } from '../decode/image-limits.js'
import { assertNotAborted } from '../pipeline/aborted-error.js'
import { ResizePool } from '../preprocess/resize-pool.js'
import { promptTokenizer } from '../tokens/prompt-tokenizer.js'
import { assertSessionFits } from './assert-session-fits.js'
import { createImageEncoder } from './create-image-encoder.js'
import { createTextEncoder, type PromptEncoder } from './create-text-encoder.js'
import { type Fingerprints, fingerprints } from './fingerprints.js'

/** How an encoder is opened. */
export interface OpenEncoderOptions extends VerifyOptions {
  /** Folder that holds `card.json` and the files it names. */
  readonly folder: string
  /** What runs the model; it stays open when the encoder is closed. */
  readonly engine: Engine
  /** Limits of pictures other than the defaults. */
  readonly limits?: Partial<ImageLimits>
  /**
   * Whether vectors are brought to unit length; else they are as the model gives them, as heads that
   * were trained on raw features need them. Default: true.
   */
  readonly normalize?: boolean
  readonly signal?: AbortSignal
}

/** A model that is ready. */
export interface OpenedEncoder extends Fingerprints {
  readonly card: ModelCard
  /** Null where the model has no image tower. */
  readonly image: ImageEncoder | null
  /** Null where the model has no text tower. */
  readonly text: PromptEncoder | null
  /** Frees the model's memory; encoders throw `ENGINE_CLOSED` afterwards. */
  close(): Promise<void>
}

/**
 * Opens a model by its card. Every file is verified before a session opens, and what was verified is
 * what runs: graphs are opened from the bytes that were hashed. A graph with external data is opened by
 * its path, as the data may be larger than memory; that none of its files was written to or replaced
 * since it was hashed is checked once the session is open. The model is loaded once for each worker of
 * the engine.
 *
 * @throws AssayError `MODEL_CARD_INVALID`, `MODEL_FILE_MISSING`, `MODEL_HASH_MISMATCH`,
 *   `MODEL_NOT_PINNED`, `MODEL_INCOMPATIBLE` where graph and card disagree, `ENGINE_FAILED` where the runtime refuses the
 *   graph, `ABORTED`
 */
export async function openEncoder(options: OpenEncoderOptions): Promise<OpenedEncoder> {
  const { folder, engine, limits = {}, normalize = true, signal, ...verifying } = options
  assertNotAborted(signal)
  const card = await loadModelCard(folder)
  const files = await verifiedFiles(folder, card, verifying)
  const hashes = fingerprints(card, files, engine.device)
  const { fingerprint } = hashes
  const opened: Closable[] = []
  const opening = { card, files, engine, limits, normalize, signal, fingerprint, opened }
  try {
    const image = await openImage(opening)
    const text = await openText(opening)
    return { ...hashes, card, image, text, close: () => closeAll(opened) }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

type Tower = NonNullable<ModelCard['image'] | ModelCard['text']>

type Closable = Pick<EngineSession, 'close'>

/** What the towers are opened from. Nothing that outlives the opening may hold on to `files`. */
interface Opening {
  readonly card: ModelCard
  readonly files: ReadonlyMap<string, VerifiedFile>
  readonly engine: Engine
  readonly limits: Partial<ImageLimits>
  readonly normalize: boolean
  readonly signal: AbortSignal | undefined
  readonly fingerprint: string
  /** Everything that was opened, to be closed in the end. */
  readonly opened: Closable[]
}

async function openImage(opening: Opening): Promise<ImageEncoder | null> {
  const { card, fingerprint, normalize, limits } = opening
  const { image } = card
  if (image === null) return null
  const session = await openSession(opening, image, ['float32'])
  const resizer = new ResizePool(image.preprocessing)
  opening.opened.push(resizer)
  return createImageEncoder({ card, image, session, fingerprint, normalize, limits, resizer })
}

async function openText(opening: Opening): Promise<PromptEncoder | null> {
  const { card, files, fingerprint, normalize } = opening
  const { text } = card
  if (text === null) return null
  const { path, config } = text.tokenizer
  const tokenizer = {
    tokenizer: contentOf(files, path),
    config: config === null ? null : contentOf(files, config),
  }
  const tokenize = promptTokenizer(tokenizer, text.tokenizer)
  const session = await openSession(opening, text, ['int64', 'int32'])
  return createTextEncoder({ card, text, session, fingerprint, normalize, tokenize })
}

async function openSession(
  { engine, files, signal, opened }: Opening,
  tower: Tower,
  inputTypes: readonly string[],
): Promise<EngineSession> {
  const session = await engine.open(graphOf(files, tower), {
    replicas: 'every',
    ...(signal && { signal }),
  })
  opened.push(session)
  // What lies in files was read a second time by the runtime.
  if (tower.data.length > 0) {
    for (const path of [tower.model, ...tower.data]) await assertUnchanged(fileOf(files, path))
  }
  assertSessionFits(session, tower, inputTypes)
  return session
}

/** The verified bytes of a graph, or its path where the runtime must find data beside it. */
function graphOf(
  files: ReadonlyMap<string, VerifiedFile>,
  { model, data }: Tower,
): Uint8Array | { readonly path: string } {
  return data.length === 0 ? contentOf(files, model) : { path: fileOf(files, model).file }
}

const closeAll = async (opened: readonly Closable[]): Promise<void> => {
  await Promise.all(opened.map((each) => each.close()))
}

function contentOf(files: ReadonlyMap<string, VerifiedFile>, path: string): Uint8Array {
  const { content } = fileOf(files, path)
  if (content) return content
  throw internal(`The file ${path} was not held.`)
}

function fileOf(files: ReadonlyMap<string, VerifiedFile>, path: string): VerifiedFile {
  const file = files.get(path)
  if (file) return file
  throw internal(`The file ${path} was not verified.`)
}

const internal = (message: string): AssayError =>
  new AssayError({ code: 'INTERNAL', message, remedy: 'Report this as a fault of Assay.' })
