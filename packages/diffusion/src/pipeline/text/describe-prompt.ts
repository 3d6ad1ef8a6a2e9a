import type { ConditionForm } from '../denoiser/denoiser-graph.js'
import type { PromptCondition } from '../denoiser/prompt-condition.js'
import { incompatible } from '../folder/model-errors.js'
import { type EncodedText, encodeText, type TextEncoder } from './text-encoder.js'

/** Who reads a prompt, and for which denoiser. */
export interface PromptReader {
  /** Folder of the pipeline, for errors. */
  readonly folder: string
  readonly encoders: readonly TextEncoder[]
  readonly form: ConditionForm
  /** Width of the token states that the denoiser takes, or null where its graph leaves it free. */
  readonly width: number | null
}

/** A prompt as the denoiser is told it. */
export interface DescribedPrompt extends PromptCondition {
  /** Whether any encoder cut the prompt. */
  readonly truncated: boolean
}

/**
 * What the pipelines of diffusers tell a denoiser of a prompt. Stable Diffusion: the last states of its
 * encoder. SDXL (Podell et al. 2023, section 2.1): the penultimate states of both, side by side, and
 * the second's pooled vector. SD3 (Esser et al. 2024, section 4): the penultimate states of both CLIPs
 * side by side, filled with zeros to the width of T5's, then T5's states (zeros without T5), and both
 * pooled vectors.
 */
export async function describePrompt(
  reader: PromptReader,
  prompt: string,
  signal: AbortSignal | undefined,
): Promise<DescribedPrompt> {
  const { encoders, form } = reader
  const [first, second, third] = encoders
  if (form === 'states') {
    if (first === undefined || second !== undefined) throw wrongEncoders(reader, 'one text encoder')
    return encodeText(first, prompt, { states: 'last', signal })
  }
  if (first === undefined || second === undefined) throw wrongEncoders(reader, 'two text encoders')
  const isThree = form === 'states-and-pooled'
  const penultimate = { states: 'penultimate', signal } as const
  const one = await encodeText(first, prompt, { ...penultimate, pooled: isThree })
  const two = await encodeText(second, prompt, { ...penultimate, pooled: true })
  const both = sideBySide(reader, one, two)
  const truncated = one.truncated || two.truncated
  if (!isThree) return { ...both, pooled: two.pooled, truncated }
  const pooled = joined(one.pooled, two.pooled)
  const long = third ? await encodeText(third, prompt, { states: 'last', signal }) : null
  return {
    ...withLongStates(reader, both, long),
    pooled,
    truncated: truncated || (long?.truncated ?? false),
  }
}

/** The same shape, all zeros: what SDXL guides away from without a negative prompt. */
export const zeroCondition = ({
  states,
  statesShape,
  pooled,
}: PromptCondition): PromptCondition => ({
  states: new Float32Array(states.length),
  statesShape,
  pooled: pooled && new Float32Array(pooled.length),
})

type States = Pick<EncodedText, 'states' | 'statesShape'>

function sideBySide(reader: PromptReader, one: States, two: States): States {
  const [tokens, left] = one.statesShape
  const [others, right] = two.statesShape
  if (tokens !== others) throw wrongEncoders(reader, 'text encoders of one context length')
  const states = new Float32Array(tokens * (left + right))
  for (let token = 0; token < tokens; token++) {
    const row = states.subarray(token * (left + right))
    row.set(one.states.subarray(token * left, (token + 1) * left))
    row.set(two.states.subarray(token * right, (token + 1) * right), left)
  }
  return { states, statesShape: [tokens, left + right] }
}

/** CLIP's states at T5's width, and T5's after them. */
function withLongStates(reader: PromptReader, both: States, long: States | null): States {
  const [tokens, width] = both.statesShape
  const wide = long?.statesShape[1] ?? reader.width
  if (wide === null || wide < width) throw wrongEncoders(reader, 'a third text encoder as wide')
  const more = long?.statesShape[0] ?? tokens
  const states = new Float32Array((tokens + more) * wide)
  for (let token = 0; token < tokens; token++) {
    states.set(both.states.subarray(token * width, (token + 1) * width), token * wide)
  }
  if (long !== null) states.set(long.states, tokens * wide)
  return { states, statesShape: [tokens + more, wide] }
}

const joined = (one: Float32Array | null, two: Float32Array | null): Float32Array =>
  Float32Array.from([...(one ?? []), ...(two ?? [])])

const wrongEncoders = ({ folder, encoders }: PromptReader, wanted: string) =>
  incompatible({
    file: folder,
    message: `The denoiser of ${folder} needs ${wanted}; there are ${encoders.length}.`,
    value: encoders.length,
    remedy: 'Export the whole pipeline, with all of its text encoders.',
  })
