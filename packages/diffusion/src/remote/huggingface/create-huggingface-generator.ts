import type { ImageGenerator } from '@assay/core'
import { z } from 'zod'
import { createRemoteGenerator } from '../create-remote-generator.js'
import { ask, urlUnder } from '../http/ask.js'
import { assertSuccess } from '../http/assert-success.js'
import { jsonOf } from '../http/read-json.js'
import type { ServiceAnswer } from '../http/send.js'
import { openService, type ServiceAccess } from '../http/service-access.js'
import { serviceError, TransientFault } from '../http/service-error.js'
import { wordsOf } from '../http/words-of.js'
import type { Batch, Drawing } from '../remote-service.js'
import type { HuggingFaceGeneratorOptions } from './huggingface-options.js'

/**
 * A generator that asks Hugging Face inference for its text-to-image task. A model that is being loaded
 * (503 with an estimated time) is waited for. Seeds go along; whether they are used the service does not
 * say, so that `metadata.seedHonoured` is null.
 *
 * The service has no refusals of its own: a picture that a model's safety checker blackened cannot be told
 * from a black picture.
 *
 * Errors of `generate`: `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`, `ACCESS_DENIED`, `NETWORK_FAILED`,
 * `URL_REFUSED`, any of kind `image`, `ABORTED`.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `URL_REFUSED` where others could read the key
 */
export function createHuggingFaceGenerator(options: HuggingFaceGeneratorOptions): ImageGenerator {
  const { model } = options
  const access = openService(options, {
    service: 'Hugging Face',
    baseUrl: 'https://router.huggingface.co/hf-inference',
    concurrency: 2,
    scheme: 'Bearer',
  })
  return createRemoteGenerator({
    id: options.id ?? `huggingface/${model ?? 'endpoint'}`,
    access,
    batchSize: 1,
    knows: ['negativePrompt', 'width', 'height', 'steps', 'guidanceScale'],
    draw: async (batch) => [await draw(access, options, batch)],
  })
}

async function draw(
  access: ServiceAccess,
  { model, parameters }: HuggingFaceGeneratorOptions,
  { request, seeds, signal }: Batch,
): Promise<Drawing> {
  const body = {
    inputs: request.prompt,
    parameters: {
      negative_prompt: request.negativePrompt,
      width: request.width,
      height: request.height,
      num_inference_steps: request.steps,
      guidance_scale: request.guidanceScale,
      seed: seeds[0],
      ...parameters,
    },
  }
  const url = urlUnder(access, model === null ? [] : ['models', ...model.split('/')])
  return ask(access, { url, body, accept: 'image/png', signal }, (answer) => {
    assertLoaded(access, answer)
    assertSuccess(access, answer)
    assertPicture(access, answer)
    const requestId = answer.headers['x-request-id']?.toString() ?? null
    const told = { service: 'huggingface', model, requestId } as const
    const metadata = { ...told, seedHonoured: null, revisedPrompt: null, details: {} }
    return { bytes: answer.body, metadata }
  })
}

const loadingSchema = z.object({ estimated_time: z.number().nonnegative() })

/** The estimate is no wish: where it is longer than any wait that is granted, it is waited that long. */
function assertLoaded(access: ServiceAccess, answer: ServiceAnswer): void {
  if (answer.status !== 503) return
  const parsed = loadingSchema.safeParse(jsonOf(answer.body))
  if (!parsed.success) return
  const { estimated_time: seconds } = parsed.data
  const fault = {
    reason: `is loading the model, which takes about ${Math.ceil(seconds)} s`,
    remedy: 'Ask again when it is loaded, or raise `retries` or `longestWaitSeconds`.',
  }
  throw new TransientFault(access, fault, Math.min(seconds, access.longestWaitSeconds))
}

/** Refuses a success that says itself that it is no picture: a late error, or a page. */
function assertPicture(access: ServiceAccess, answer: ServiceAnswer): void {
  const type = answer.headers['content-type'] ?? ''
  if (!/^(application\/json|text\/)/.test(type)) return
  const words = wordsOf(access, answer)
  throw serviceError(access, {
    reason: `answered with ${type} instead of a picture${words === null ? '' : `: ${words}`}`,
    remedy:
      'Check that the model draws pictures from texts, and that no login page answers for it.',
  })
}
