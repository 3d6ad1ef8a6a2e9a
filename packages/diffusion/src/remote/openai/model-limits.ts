import { AssayError, type GenerationRequest } from '@assay/core'

/** What a model of OpenAI takes. */
interface ModelLimits {
  /** Longest prompt, in characters. */
  readonly promptCharacters: number
  /** Most pictures a request. */
  readonly pictures: number
  /** Sizes as `width x height`; null: not known. */
  readonly sizes: readonly string[] | null
  /** Whether it can be told to answer with base64; those that cannot always do. */
  readonly responseFormat: boolean
}

const dallE2: ModelLimits = {
  promptCharacters: 1000,
  pictures: 10,
  sizes: ['256x256', '512x512', '1024x1024'],
  responseFormat: true,
}

const dallE3: ModelLimits = {
  promptCharacters: 4000,
  pictures: 1,
  sizes: ['1024x1024', '1792x1024', '1024x1792'],
  responseFormat: true,
}

const gptImage: ModelLimits = {
  promptCharacters: 32_000,
  pictures: 10,
  sizes: null,
  responseFormat: false,
}

const gptImage1: ModelLimits = { ...gptImage, sizes: ['1024x1024', '1536x1024', '1024x1536'] }

/** A server that speaks like OpenAI, with a model that is not of OpenAI. */
const unknown: ModelLimits = {
  promptCharacters: Number.POSITIVE_INFINITY,
  pictures: 10,
  sizes: null,
  responseFormat: true,
}

/** Limits by the published interface; versions of a model (`gpt-image-1-mini`) have those of the model. */
const known: readonly (readonly [prefix: string, limits: ModelLimits])[] = [
  ['dall-e-2', dallE2],
  ['dall-e-3', dallE3],
  ['gpt-image-1', gptImage1],
  ['gpt-image-', gptImage],
]

export const modelLimits = (model: string): ModelLimits =>
  known.find(([prefix]) => model.startsWith(prefix))?.[1] ?? unknown

/** @throws AssayError `LIMIT_EXCEEDED` for the prompt, `INVALID_ARGUMENT` for the size */
export function assertWithin(
  model: string,
  { prompt, width, height }: Pick<GenerationRequest, 'prompt' | 'width' | 'height'>,
): void {
  const { promptCharacters, sizes } = modelLimits(model)
  const characters = [...prompt].length
  if (characters > promptCharacters) {
    throw new AssayError({
      code: 'LIMIT_EXCEEDED',
      message: `The prompt has ${characters} characters, and ${model} takes ${promptCharacters}.`,
      value: characters,
      remedy: 'Shorten the prompt.',
    })
  }
  const size = `${width}x${height}`
  if (width === undefined || sizes === null || sizes.includes(size)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${model} draws no pictures of ${size} pixels.`,
    value: size,
    remedy: `Choose one of ${sizes.join(', ')}.`,
  })
}
