import { AssayError } from '@assay/core'
import { Tokenizer } from '@huggingface/tokenizers'

/** A prompt as a text encoder sees it. */
export interface TokenizedPrompt {
  /** Token numbers, exactly as many as the context is long. */
  readonly tokens: readonly number[]
  /** Whether the prompt was too long, so that its last words were cut. */
  readonly truncated: boolean
}

/** Where a tokenizer comes from. */
export interface PromptTokenizerOptions {
  /** tokenizer.json and tokenizer_config.json, as bytes. */
  readonly tokenizer: Uint8Array
  readonly config: Uint8Array
  /** Tokens that the model reads. */
  readonly contextLength: number
  /** Fills the places after the end of a prompt. */
  readonly padTokenId: number
}

/** Longest prompt that is read, in UTF-16 units: nobody means more, and every unit costs time. */
const longestPrompt = 65_536

/**
 * A function from prompts to tokens of a fixed number. A prompt that is too long keeps its beginning
 * and the token that ends every prompt.
 */
export function promptTokenizer({
  tokenizer,
  config,
  contextLength,
  padTokenId,
}: PromptTokenizerOptions): (prompt: string) => TokenizedPrompt {
  const parse = (bytes: Uint8Array): object => JSON.parse(new TextDecoder().decode(bytes))
  const encoder = new Tokenizer(parse(tokenizer), parse(config))
  const endTokens = encoder.encode('').ids.slice(-1)
  return (prompt) => {
    if (prompt.length > longestPrompt) throw tooLong(prompt)
    const { ids } = encoder.encode(prompt)
    const truncated = ids.length > contextLength
    const kept = truncated ? [...ids.slice(0, contextLength - endTokens.length), ...endTokens] : ids
    const padding = new Array<number>(contextLength - kept.length).fill(padTokenId)
    return { tokens: [...kept, ...padding], truncated }
  }
}

const tooLong = (prompt: string): AssayError =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `A prompt of ${prompt.length} characters is over the limit of ${longestPrompt}.`,
    value: prompt.length,
    remedy: 'Shorten the prompt; models read a few dozen words.',
  })
