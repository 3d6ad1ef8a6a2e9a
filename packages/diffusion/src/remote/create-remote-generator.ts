import type { GeneratedImage, GenerationRequest, ImageGenerator } from '@assay/core'
import { assertNotAborted } from '../sampling/sampling-errors.js'
import { assertRequest } from './assert-request.js'
import { oneLine } from './http/words-of.js'
import { inOrder } from './in-order.js'
import { readPicture } from './read-picture.js'
import type { RemoteMetadata } from './remote-metadata.js'
import type { Batch, Drawing, RemoteService } from './remote-service.js'

/** The generator that a service makes. */
export const createRemoteGenerator = (service: RemoteService): ImageGenerator => ({
  specificationVersion: 1,
  id: service.id,
  fingerprint: null,
  generate: (request) => generate(service, request),
})

async function* generate(
  service: RemoteService,
  request: GenerationRequest,
): AsyncGenerator<GeneratedImage> {
  assertRequest(service, request)
  const { count, progress = () => {} } = request
  const { concurrency } = service.access
  const leaving = new AbortController()
  const signals = request.signal ? [request.signal, leaving.signal] : [leaving.signal]
  const signal = AbortSignal.any(signals)
  const results = inOrder(batchesOf(service, request, signal), {
    concurrency,
    run: (batch) => drawBatch(service, batch),
    stop: () => leaving.abort(),
  })
  let done = 0
  for await (const images of results) {
    for (const image of images) {
      assertNotAborted(request.signal)
      progress({ task: `generate with ${service.id}`, done: ++done, total: count })
      yield image
    }
  }
}

function batchesOf(
  { batchSize }: RemoteService,
  request: GenerationRequest,
  signal: AbortSignal,
): Batch[] {
  const { count, seed } = request
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) => {
    const first = batch * batchSize
    const length = Math.min(batchSize, count - first)
    return { request, signal, seeds: Array.from({ length }, (_, index) => seed + first + index) }
  })
}

async function drawBatch(service: RemoteService, batch: Batch): Promise<GeneratedImage[]> {
  const drawings = await service.draw(batch)
  const images: GeneratedImage[] = []
  for (const [index, seed] of batch.seeds.entries()) {
    const drawing = drawings[index]
    if (drawing !== undefined) images.push(await imageOf(service, batch, drawing, seed))
  }
  return images
}

async function imageOf(
  { access }: RemoteService,
  { request, signal, seeds }: Batch,
  drawing: Drawing,
  seed: number,
): Promise<GeneratedImage> {
  if ('refusal' in drawing) {
    const reason = oneLine(access, drawing.refusal) ?? 'The service refused and said no more'
    return { outcome: 'rejected', seed, reason }
  }
  const { image, file } = await readPicture(access, drawing.bytes, { seed, signal })
  const { width, height } = request
  const asAsked = image.width === width && image.height === height
  const sizeHonoured = width === undefined ? null : asAsked
  const metadata = { ...drawing.metadata, sizeHonoured, batchSize: seeds.length }
  return { outcome: 'image', image, seed, file, metadata: redacted(metadata, access.redact) }
}

/** The same without secrets, which a service may repeat in any text. */
function redacted(metadata: RemoteMetadata, redact: (text: string) => string): RemoteMetadata {
  const { model, requestId, revisedPrompt, details } = metadata
  const plain = (text: string | null) => (text === null ? null : redact(text))
  return {
    ...metadata,
    model: plain(model),
    requestId: plain(requestId),
    revisedPrompt: plain(revisedPrompt),
    details: Object.fromEntries(
      Object.entries(details).map(([name, value]) => [
        name,
        typeof value === 'string' ? redact(value) : value,
      ]),
    ),
  }
}
