import type { EngineSession, TextEncoder } from '@assay/core'
import type { ModelCard } from '../card/model-card.js'
import type { TokenizedPrompt } from '../tokens/prompt-tokenizer.js'
import { batchSizeOf, embedItems, type Tower } from './embed-items.js'
import { textFeeds } from './text-feeds.js'

/** A text encoder that shows how it reads prompts. */
export interface PromptEncoder extends TextEncoder {
  /**
   * The tokens of a prompt, and whether it was cut.
   *
   * @throws AssayError `LIMIT_EXCEEDED` for a prompt of more than 65,536 characters
   */
  tokenize(prompt: string): TokenizedPrompt
}

/** What a text encoder is made from. */
export interface TextEncoderParts {
  readonly card: ModelCard
  readonly text: NonNullable<ModelCard['text']>
  readonly session: EngineSession
  readonly fingerprint: string
  /** Whether vectors are brought to unit length. */
  readonly normalize: boolean
  readonly tokenize: (prompt: string) => TokenizedPrompt
}

interface TextItem {
  readonly id: string
  readonly text: string
}

/** The text tower of a model. */
export function createTextEncoder(parts: TextEncoderParts): PromptEncoder {
  const { card, text, session, fingerprint, normalize, tokenize } = parts
  const tower: Tower<TextItem, TokenizedPrompt> = {
    session,
    outputName: text.output.name,
    pooling: text.pooling,
    dimensions: card.dimensions,
    fingerprint,
    normalize,
    stage: 'tokenize',
    batchSize: batchSizeOf(text.input),
    preparations: 1,
    prepare: async (item) => tokenize(item.text),
    feed: (prompts) => textFeeds(text, prompts),
    rowsOf: ({ length }) => length,
  }
  return {
    specificationVersion: 1,
    id: card.id,
    dimensions: card.dimensions,
    space: card.space,
    fingerprint,
    tokenize,
    embedTexts: (texts, { signal } = {}) => embedItems(tower, texts, signal),
  }
}
