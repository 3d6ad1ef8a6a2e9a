import type { EngineSession, Tensor, TextEncoder } from '@assay/core'
import type { ModelCard } from '../card/model-card.js'
import { batchSizeOf, embedItems, type Tower } from './embed-items.js'
import type { TokenizedPrompt } from './prompt-tokenizer.js'

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
  readonly tokenize: (prompt: string) => TokenizedPrompt
}

interface TextItem {
  readonly id: string
  readonly text: string
}

/** The text tower of a model. */
export function createTextEncoder(parts: TextEncoderParts): PromptEncoder {
  const { card, text, session, fingerprint, tokenize } = parts
  const tower: Tower<TextItem, readonly number[]> = {
    session,
    inputName: text.input.name,
    outputName: text.output.name,
    dimensions: card.dimensions,
    fingerprint,
    stage: 'tokenize',
    batchSize: batchSizeOf(text.input),
    preparations: 1,
    prepare: async (item) => tokenize(item.text).tokens,
    stack: (inputs) => tokenTensor(inputs, text.input.type),
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

function tokenTensor(prompts: readonly (readonly number[])[], type: string): Tensor {
  const tokens = prompts.flat()
  const dims = [prompts.length, tokens.length / prompts.length]
  return type === 'int32'
    ? { type, dims, data: Int32Array.from(tokens) }
    : { type: 'int64', dims, data: BigInt64Array.from(tokens, BigInt) }
}
