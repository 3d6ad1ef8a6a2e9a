import { AssayError, type ImageGenerator } from '@assay/core'
import { z } from 'zod'
import { assertCount } from '../assert-count.js'
import { createRemoteGenerator } from '../create-remote-generator.js'
import { ask, urlUnder } from '../http/ask.js'
import { assertSuccess } from '../http/assert-success.js'
import { readJson } from '../http/read-json.js'
import { openService, type ServiceAccess } from '../http/service-access.js'
import { fromBase64 } from '../read-picture.js'
import type { Batch, Drawing } from '../remote-service.js'
import type { Automatic1111GeneratorOptions } from './automatic1111-options.js'
import { type GenerationInfo, readGenerationInfo, reportedSeed } from './read-generation-info.js'

const answerSchema = z.object({ images: z.array(z.string()), info: z.string().nullish() })

/**
 * A generator that asks a web UI by Automatic1111 (`POST /sdapi/v1/txt2img`). Seeds go along, and
 * `metadata.seedHonoured` is what the server says of them.
 *
 * The server has no refusals: an extension that blackens pictures cannot be told from a black picture.
 *
 * Errors of `generate`: `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`, `ACCESS_DENIED`, `NETWORK_FAILED`,
 * `URL_REFUSED`, any of kind `image`, `ABORTED`.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `URL_REFUSED` where others could read the key
 */
export function createAutomatic1111Generator(
  options: Automatic1111GeneratorOptions = {},
): ImageGenerator {
  const { model, batchSize = 1 } = options
  const access = openService(options, {
    service: 'Automatic1111',
    baseUrl: 'http://127.0.0.1:7860',
    concurrency: 1,
    scheme: 'Basic',
  })
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `\`batchSize\` is ${batchSize}.`,
      value: batchSize,
      remedy: 'Give a whole number of at least 1.',
    })
  }
  return createRemoteGenerator({
    id: options.id ?? (model === undefined ? 'automatic1111' : `automatic1111/${model}`),
    access,
    batchSize,
    knows: ['negativePrompt', 'width', 'height', 'steps', 'guidanceScale'],
    draw: (batch) => draw(access, options, batch),
  })
}

async function draw(
  access: ServiceAccess,
  options: Automatic1111GeneratorOptions,
  batch: Batch,
): Promise<readonly Drawing[]> {
  const { seeds, signal } = batch
  const url = urlUnder(access, ['sdapi', 'v1', 'txt2img'])
  const body = bodyOf(options, batch)
  const answer = await ask(access, { url, body, accept: 'application/json', signal }, (answer) => {
    assertSuccess(access, answer)
    return readJson(access, answer, answerSchema)
  })
  const info = readGenerationInfo(answer.info)
  // A grid of the whole batch may stand before the pictures.
  const images = answer.images.slice(info.index_of_first_image)
  assertCount(access, images.length, seeds.length)
  return seeds.map((seed, index) => ({
    bytes: fromBase64(access, images[index] ?? '', seed),
    metadata: {
      service: 'automatic1111',
      model: info.sd_model_name ?? options.model ?? null,
      requestId: null,
      seedHonoured: honoured(reportedSeed(info, index), seed),
      revisedPrompt: null,
      details: detailsOf(info, index),
    },
  }))
}

/** Leaves out what is undefined: the server then uses its own. */
const bodyOf = ({ model, parameters }: Automatic1111GeneratorOptions, batch: Batch) => {
  const { request, seeds } = batch
  const settings = parameters?.['override_settings']
  const override =
    model === undefined ? settings : { sd_model_checkpoint: model, ...asObject(settings) }
  return {
    prompt: request.prompt,
    negative_prompt: request.negativePrompt,
    seed: seeds[0],
    batch_size: seeds.length,
    n_iter: 1,
    width: request.width,
    height: request.height,
    steps: request.steps,
    cfg_scale: request.guidanceScale,
    send_images: true,
    save_images: false,
    ...parameters,
    override_settings: override,
  }
}

const asObject = (value: unknown) => (typeof value === 'object' ? value : {})

const honoured = (reported: number | null, seed: number) =>
  reported === null ? null : reported === seed

function detailsOf(info: GenerationInfo, index: number): Record<string, string | number> {
  const { sd_model_hash, sampler_name, version } = info
  const told = {
    sd_model_hash,
    sampler_name,
    version,
    seed: reportedSeed(info, index),
    infotext: info.infotexts[index] ?? null,
  }
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  )
}
