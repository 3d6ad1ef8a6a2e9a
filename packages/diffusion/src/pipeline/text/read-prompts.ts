import type { PromptCondition } from '../denoiser/prompt-condition.js'
import { describePrompt, type PromptReader, zeroCondition } from './describe-prompt.js'

/** The prompts of a request. */
interface ReadPromptsOptions {
  readonly prompt: string
  readonly negativePrompt?: string
  /** Whether anything can ask for guidance, so that the other condition is needed. */
  readonly guided: boolean
  /** Whether SDXL's condition without a negative prompt is zero. */
  readonly emptyPromptIsZero: boolean
  readonly signal?: AbortSignal
}

/** What a user should know of pictures that came out all the same. */
export interface PromptWarning {
  readonly code: 'PROMPTS_TRUNCATED' | 'NEGATIVE_PROMPT_UNUSED'
  /** Prompts that it is true of. */
  readonly count: number
  readonly message: string
}

/** Both conditions of a request, and warnings. */
export interface ReadPrompts {
  readonly positive: PromptCondition
  readonly negative: PromptCondition | null
  readonly warnings: readonly PromptWarning[]
}

/** Encodes the prompt and what guidance leads away from. */
export async function readPrompts(
  reader: PromptReader,
  { prompt, negativePrompt, guided, emptyPromptIsZero, signal }: ReadPromptsOptions,
): Promise<ReadPrompts> {
  const positive = await describePrompt(reader, prompt, signal)
  const zero =
    reader.form === 'states-and-size' && emptyPromptIsZero && negativePrompt === undefined
  const described =
    guided && !zero ? await describePrompt(reader, negativePrompt ?? '', signal) : null
  const cut = [positive, described].filter((each) => each?.truncated).length
  const warnings: PromptWarning[] = []
  if (cut > 0) {
    const message = `${cut} of the prompts is longer than the model reads; its end does not count.`
    warnings.push({ code: 'PROMPTS_TRUNCATED', count: cut, message })
  }
  if (negativePrompt !== undefined && !guided) {
    const message = 'Without guidance (a scale up to 1) the negative prompt does not count.'
    warnings.push({ code: 'NEGATIVE_PROMPT_UNUSED', count: 1, message })
  }
  return { positive, negative: guided ? (described ?? zeroCondition(positive)) : null, warnings }
}
