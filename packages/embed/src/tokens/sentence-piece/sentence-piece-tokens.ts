import { canonicalPrompt } from './canonical-prompt.js'
import { normalizeText } from './normalize-text.js'
import { readSentencePieceModel } from './sentence-piece-model.js'
import { unigram } from './unigram.js'

/** How a SentencePiece model is used by a text tower. */
export interface SentencePieceUse {
  /** Whether prompts are made canonical first. */
  readonly canonicalize: boolean
  /** Ends every prompt. */
  readonly endTokenId: number
}

/**
 * The tokens of a text by a unigram model of SentencePiece, and the end token.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` where the bytes are no such model
 */
export function sentencePieceTokens(
  bytes: Uint8Array,
  { canonicalize, endTokenId }: SentencePieceUse,
): (text: string) => readonly number[] {
  const model = readSentencePieceModel(bytes)
  const encode = unigram(model)
  return (text) => {
    const prompt = canonicalize ? canonicalPrompt(text) : text
    return [...encode(normalizeText(prompt, model)), endTokenId]
  }
}
