import type { EngineSession, Tensor } from '@assay/core'
import type { TokenizedPrompt } from '@assay/embed'
import { numberTensor, outputFloats } from '../denoiser/number-tensor.js'
import { incompatible } from '../folder/model-errors.js'
import { assertFinite } from './assert-finite.js'

/** A text encoder of a pipeline, with its tokenizer. */
export interface TextEncoder {
  /** Path of its graph, for errors. */
  readonly file: string
  readonly session: EngineSession
  readonly tokenize: (prompt: string) => TokenizedPrompt
}

/** What an encoder tells of one prompt. */
export interface EncodedText {
  /** Token states, row-major. */
  readonly states: Float32Array
  /** Tokens and width. */
  readonly statesShape: readonly [number, number]
  /** `text_embeds`, where it was asked for. */
  readonly pooled: Float32Array | null
  /** Whether the prompt was cut. */
  readonly truncated: boolean
}

/** Which outputs of an encoder are wanted. */
export interface EncodeTextOptions {
  /** The last layer's states after its normalisation, or those of the layer before it. */
  readonly states: 'last' | 'penultimate'
  /** Whether the projected vector of the whole prompt is wanted. */
  readonly pooled?: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Encodes one prompt.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` for inputs or outputs that are not those of a text encoder of
 *   diffusers, `NOT_FINITE`
 */
export async function encodeText(
  encoder: TextEncoder,
  prompt: string,
  { states: which, pooled = false, signal }: EncodeTextOptions,
): Promise<EncodedText> {
  const { file, session, tokenize } = encoder
  const { tokens, truncated } = tokenize(prompt)
  const name = which === 'last' ? outputNamed(encoder, 'last_hidden_state') : penultimate(encoder)
  const wanted = pooled ? [name, outputNamed(encoder, 'text_embeds')] : [name]
  const outputs = await session.run(feedsOf(encoder, tokens), {
    outputs: wanted,
    ...(signal && { signal }),
  })
  const { dims, values: states } = outputFloats(outputs, name, file)
  assertFinite(states, file, name)
  const vector = pooled ? outputFloats(outputs, 'text_embeds', file).values : null
  if (vector !== null) assertFinite(vector, file, 'text_embeds')
  return { states, statesShape: [tokens.length, Number(dims.at(-1))], pooled: vector, truncated }
}

/** Encoders of diffusers read the padding, too: where a graph takes a mask, it is 1 throughout. */
function feedsOf(
  { file, session }: TextEncoder,
  tokens: readonly number[],
): Record<string, Tensor> {
  const contents: Readonly<Record<string, readonly number[]>> = {
    input_ids: tokens,
    attention_mask: tokens.map(() => 1),
  }
  const feeds = session.inputs.map(({ name, type }) => {
    const values = contents[name]
    if (values !== undefined && (type === 'int64' || type === 'int32')) {
      return [name, numberTensor(type, [1, values.length], values)] as const
    }
    throw incompatible({
      file,
      message: `${file} takes ${name} as ${type}, which is not known here.`,
      remedy: 'Export the text encoder with input_ids (and attention_mask) as whole numbers.',
    })
  })
  return Object.fromEntries(feeds)
}

function outputNamed({ file, session }: TextEncoder, name: string): string {
  const names = session.outputs.map((output) => output.name)
  if (names.includes(name)) return name
  throw incompatible({
    file,
    message: `${file} gives no ${name}, only ${names.join(', ')}.`,
    remedy: 'Export the whole pipeline with optimum, which names the outputs as diffusers does.',
  })
}

/** Name of the states of the layer before the last: exports name them from the embedding on. */
function penultimate(encoder: TextEncoder): string {
  const prefix = 'hidden_states.'
  const layers = encoder.session.outputs
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name }) => Number(name.slice(prefix.length)))
  return outputNamed(encoder, `${prefix}${Math.max(1, ...layers) - 1}`)
}
