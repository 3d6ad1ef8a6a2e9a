import { AssayError } from '@assay/core'
import { Tokenizer } from '@huggingface/tokenizers'

/**
 * The tokens of a text, by a tokenizer in the Hugging Face form, with the tokens that begin and end
 * every text.
 *
 * @param config tokenizer_config.json, which few tokenizers need
 * @throws AssayError `MODEL_INCOMPATIBLE` where the files cannot be read
 */
export function huggingFaceTokens(
  tokenizer: Uint8Array,
  config: Uint8Array | null,
): (text: string) => readonly number[] {
  try {
    const parse = (bytes: Uint8Array): object => JSON.parse(new TextDecoder().decode(bytes))
    const encoder = new Tokenizer(parse(tokenizer), config === null ? {} : parse(config))
    return (text) => encoder.encode(text).ids
  } catch (cause) {
    throw new AssayError({
      code: 'MODEL_INCOMPATIBLE',
      message: `The tokenizer cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      remedy: 'Name a tokenizer.json of a fast tokenizer in the card.',
      cause,
    })
  }
}
