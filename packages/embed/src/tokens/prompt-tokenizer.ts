import { AssayError } from '@assay/core'
import type { ModelCard } from '../card/model-card.js'
import { huggingFaceTokens } from './hugging-face-tokens.js'
import { sentencePieceTokens } from './sentence-piece/sentence-piece-tokens.js'

/** A prompt as a text encoder sees it. */
export interface TokenizedPrompt {
  /** Token numbers, exactly as many as the context is long. */
  readonly tokens: readonly number[]
  /** How many of them are the prompt's, its first and last token included; padding follows. */
  readonly length: number
  /** Whether the prompt was too long, so that its last words were cut. */
  readonly truncated: boolean
}

/** How prompts are read and padded, in the words of a card. */
export type TokenizerSettings = Pick<
  NonNullable<ModelCard['text']>['tokenizer'],
  'sentencePiece' | 'contextLength' | 'padTokenId'
>

/** A tokenizer's files, as bytes. */
export interface TokenizerFiles {
  /** tokenizer.json, or a SentencePiece model. */
  readonly tokenizer: Uint8Array
  /** tokenizer_config.json, or null. */
  readonly config: Uint8Array | null
}

/** Longest prompt that is read, in UTF-16 units: nobody means more, and every unit costs time. */
const longestPrompt = 65_536

/**
 * A function from prompts to tokens of a fixed number. A prompt that is too long keeps its beginning
 * and the token that ends every prompt.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` where the files are no tokenizer of the card's kind; the
 *   function throws `LIMIT_EXCEEDED` for a prompt of more than 65,536 characters
 */
export function promptTokenizer(
  { tokenizer, config }: TokenizerFiles,
  { sentencePiece, contextLength, padTokenId }: TokenizerSettings,
): (prompt: string) => TokenizedPrompt {
  const encode =
    sentencePiece === null
      ? huggingFaceTokens(tokenizer, config)
      : sentencePieceTokens(tokenizer, sentencePiece)
  const endTokens = encode('').slice(-1)
  return (prompt) => {
    if (prompt.length > longestPrompt) throw tooLong(prompt)
    const whole = encode(prompt)
    const truncated = whole.length > contextLength
    const kept = truncated
      ? [...whole.slice(0, contextLength - endTokens.length), ...endTokens]
      : whole
    const padding = new Array<number>(contextLength - kept.length).fill(padTokenId)
    return { tokens: [...kept, ...padding], length: kept.length, truncated }
  }
}

const tooLong = (prompt: string): AssayError =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `A prompt of ${prompt.length} characters is over the limit of ${longestPrompt}.`,
    value: prompt.length,
    remedy: 'Shorten the prompt; models read a few dozen words.',
  })
