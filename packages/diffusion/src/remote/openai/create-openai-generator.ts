import { AssayError, type ImageGenerator } from '@assay/core'
import { z } from 'zod'
import { assertCount } from '../assert-count.js'
import { createRemoteGenerator } from '../create-remote-generator.js'
import { ask, urlUnder } from '../http/ask.js'
import { assertSuccess } from '../http/assert-success.js'
import { readJson } from '../http/read-json.js'
import { openService, type ServiceAccess } from '../http/service-access.js'
import { serviceError } from '../http/service-error.js'
import { fromBase64 } from '../read-picture.js'
import type { Batch, Drawing } from '../remote-service.js'
import { allowedOrigins, fetchPicture } from './fetch-pictures.js'
import { assertWithin, modelLimits } from './model-limits.js'
import type { OpenAIGeneratorOptions } from './openai-options.js'
import { readRefusal } from './read-refusal.js'

const text = z.string().nullish()

const pictureSchema = z.object({
  b64_json: text,
  url: text,
  revised_prompt: text,
  // xAI says so of single pictures, and leaves them out.
  respect_moderation: z.boolean().nullish(),
})

const answerSchema = z.object({ data: z.array(pictureSchema), size: text, quality: text })

interface OpenAI {
  readonly access: ServiceAccess
  readonly options: OpenAIGeneratorOptions
  readonly origins: ReadonlySet<string>
}

/**
 * A generator that asks OpenAI's image interface (`POST /images/generations`) or a server that speaks like
 * it. There is no seed in it: pictures cannot be drawn again, and `metadata.seedHonoured` is false.
 *
 * Errors of `generate`: `INVALID_ARGUMENT`, `LIMIT_EXCEEDED` for a prompt over the model's length or an
 * answer over `answerBytes`, `ACCESS_DENIED`, `NETWORK_FAILED`, `URL_REFUSED`, any of kind `image`,
 * `ABORTED`. Refusals by the content filter are outcomes (`rejected`).
 *
 * @throws AssayError `INVALID_ARGUMENT`, `URL_REFUSED` where others could read the key
 */
export function createOpenAIGenerator(options: OpenAIGeneratorOptions): ImageGenerator {
  const { model, batchSize = 1, pictureOrigins = [] } = options
  const access = openService(options, {
    service: 'The image service',
    baseUrl: 'https://api.openai.com/v1',
    concurrency: 2,
    scheme: 'Bearer',
  })
  assertBatchSize(model, batchSize)
  const openai: OpenAI = { access, options, origins: allowedOrigins(access, pictureOrigins) }
  return createRemoteGenerator({
    id: options.id ?? `openai/${model}`,
    access,
    batchSize,
    knows: ['width', 'height'],
    check: (request) => assertWithin(model, request),
    draw: (batch) => draw(openai, batch),
  })
}

/** @throws AssayError `INVALID_ARGUMENT` */
function assertBatchSize(model: string, batchSize: number): void {
  const { pictures } = modelLimits(model)
  if (Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= pictures) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${model} draws no ${batchSize} pictures a request.`,
    value: batchSize,
    remedy: `Give a \`batchSize\` from 1 to ${pictures}.`,
  })
}

async function draw(openai: OpenAI, batch: Batch): Promise<readonly Drawing[]> {
  const { access, options } = openai
  const { request, seeds, signal } = batch
  const { prompt, width, height } = request
  const { model, parameters } = options
  const body = {
    model,
    prompt,
    n: seeds.length,
    ...(width !== undefined && { size: `${width}x${height}` }),
    ...(modelLimits(model).responseFormat && { response_format: 'b64_json' }),
    ...parameters,
  }
  const url = urlUnder(access, ['images', 'generations'])
  const answer = await ask(access, { url, body, accept: 'application/json', signal }, (answer) => {
    const refusal = readRefusal(access, answer)
    if (refusal !== null) return { refusal } as const
    assertSuccess(access, answer)
    const { headers } = answer
    const requestId = headers['x-request-id']?.toString() ?? null
    return { ...readJson(access, answer, answerSchema), requestId }
  })
  if (answer.refusal !== undefined) return seeds.map(() => ({ refusal: answer.refusal }))
  return readPictures(openai, batch, answer)
}

async function readPictures(
  { access, options, origins: allowed }: OpenAI,
  { seeds, signal }: Batch,
  { data, size, quality, requestId }: z.output<typeof answerSchema> & { requestId: string | null },
): Promise<readonly Drawing[]> {
  assertCount(access, data.length, seeds.length)
  const details = { ...(size && { size }), ...(quality && { quality }) }
  const told = { service: 'openai', model: options.model, requestId, details } as const
  const drawings: Drawing[] = []
  for (const [index, picture] of data.entries()) {
    const { b64_json: digits, url, revised_prompt, respect_moderation } = picture
    if (respect_moderation === false) {
      drawings.push({ refusal: 'The picture did not pass the moderation of the service' })
      continue
    }
    if (!digits && !url) throw empty(access)
    const bytes = digits
      ? fromBase64(access, digits, seeds[index] ?? index)
      : await fetchPicture(access, url ?? '', { allowed, signal })
    const metadata = { ...told, seedHonoured: false, revisedPrompt: revised_prompt ?? null }
    drawings.push({ bytes, metadata })
  }
  return drawings
}

const empty = (access: ServiceAccess) =>
  serviceError(access, {
    reason: 'answered with a picture that has neither base64 nor an address',
    remedy: 'Ask its operator; some services leave out what their filter refuses.',
  })
