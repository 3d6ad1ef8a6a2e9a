import type { Progress, TextEncoder } from '@assay/core'
import { sha256 } from '@assay/store'
import type { PromptEncoder } from '../encoder/create-text-encoder.js'
import { type EmbeddedSet, embedCached } from './embed-cached.js'
import { type EmbeddingCache, embeddingKey } from './embedding-cache.js'

/** What is embedded, by what. */
export interface EmbedPromptsOptions {
  readonly encoder: TextEncoder | PromptEncoder
  /** Prompts in any number of repetitions. */
  readonly prompts: readonly string[]
  /** Where embeddings are kept between runs. Default: nowhere. */
  readonly cache?: EmbeddingCache | null
  /** What progress calls the work. Default `embed prompts`. */
  readonly task?: string
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** Embeddings of prompts: a row for each distinct one, in the order of their first use. */
export interface EmbeddedPrompts extends EmbeddedSet {
  /** Prompts that were too long for the model and were cut; null where the encoder does not tell. */
  readonly truncated: readonly string[] | null
}

/**
 * Embeds each distinct prompt once; the prompt is the id of its row. Cached, aborted and resumed as
 * `embedPictures` is.
 *
 * @throws AssayError `ABORTED`; whatever the engine or the cache throws
 */
export async function embedPrompts({
  encoder,
  prompts,
  cache = null,
  task = 'embed prompts',
  progress = () => {},
  signal,
}: EmbedPromptsOptions): Promise<EmbeddedPrompts> {
  const { dimensions, fingerprint } = encoder
  const distinct = [...new Set(prompts)]
  const embedded = await embedCached<{ id: string; text: string }>({
    ids: distinct,
    async load(index) {
      const text = distinct[index] as string
      const key = () => embeddingKey({ kind: 'text', fingerprint, content: sha256(text) })
      return { key, input: { id: text, text }, bytes: text.length }
    },
    embed: (texts) => encoder.embedTexts(texts, signal && { signal }),
    normalize: true,
    dimensions,
    fingerprint,
    cache,
    task,
    progress,
    signal,
  })
  const { ids } = embedded.embeddings
  const truncated =
    'tokenize' in encoder ? (ids ?? []).filter((id) => encoder.tokenize(id).truncated) : null
  return { ...embedded, truncated }
}
