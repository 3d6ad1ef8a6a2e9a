import { describe, expect, it } from 'vitest'
import { drawn, failure } from '../__fixtures__/drawn.js'
import { type Answer, bytes, json, startService } from '../__fixtures__/loopback-service.js'
import { pngOf } from '../__fixtures__/pictures.js'
import { createHuggingFaceGenerator } from './create-huggingface-generator.js'
import type { HuggingFaceGeneratorOptions } from './huggingface-options.js'

const picture = bytes(await pngOf(1), 'image/jpeg', { 'x-request-id': 'abc' })
const loading = (seconds: number) =>
  json({ error: 'Model owner/name is currently loading', estimated_time: seconds }, { status: 503 })

async function set(answer: Answer, options: Partial<HuggingFaceGeneratorOptions> = {}) {
  const server = await startService(answer)
  const generator = createHuggingFaceGenerator({
    model: 'owner/name',
    baseUrl: server.url,
    backOffSeconds: 0.001,
    ...options,
  })
  return { server, generator }
}

describe('createHuggingFaceGenerator', () => {
  it('asks as the interface says, with the token', async () => {
    const { server, generator } = await set(picture, {
      key: 'hf_1',
      parameters: { scheduler: 'EulerDiscreteScheduler' },
    })
    await drawn(generator, {
      count: 2,
      negativePrompt: 'fog',
      width: 64,
      height: 32,
      steps: 4,
      guidanceScale: 0,
    })
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/models/owner/name',
      '/models/owner/name',
    ])
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      headers: { authorization: 'Bearer hf_1', accept: 'image/png' },
      body: {
        inputs: 'a red fox',
        parameters: {
          negative_prompt: 'fog',
          width: 64,
          height: 32,
          num_inference_steps: 4,
          guidance_scale: 0,
          seed: 7,
          scheduler: 'EulerDiscreteScheduler',
        },
      },
    })
    const seeds = server.requests.map(
      ({ body }) => (body as { parameters: { seed: number } }).parameters.seed,
    )
    expect(seeds.sort()).toEqual([7, 8])
  })

  it('asks a dedicated endpoint at its own address', async () => {
    const { server, generator } = await set(picture, { model: null })
    await drawn(generator)
    expect(server.requests[0]?.path).toBe('/')
    expect(generator.id).toBe('huggingface/endpoint')
  })

  it('does not say that the seed was used, and knows the picture by its content', async () => {
    const { generator } = await set(picture)
    expect((await drawn(generator))[0]).toMatchObject({
      file: { mediaType: 'image/png' },
      metadata: {
        service: 'huggingface',
        model: 'owner/name',
        requestId: 'abc',
        seedHonoured: null,
      },
    })
  })

  it('waits for a model that is being loaded, as long as that is said to take', async () => {
    const { server, generator } = await set(picture)
    server.faults.push(loading(0.3))
    const start = performance.now()
    await drawn(generator)
    expect(performance.now() - start).toBeGreaterThan(290)
    expect(server.requests).toHaveLength(2)
  })

  it('looks again earlier where loading takes longer than it waits at most', async () => {
    const { server, generator } = await set(picture, { longestWaitSeconds: 0.05, retries: 2 })
    server.fault = loading(300)
    const error = await failure(drawn(generator))
    expect(error).toMatchObject({ code: 'NETWORK_FAILED' })
    expect(error.message).toContain('is loading the model, which takes about 300 s')
    expect(server.requests).toHaveLength(3)
  })

  it('does not take an error that came as success for a picture', async () => {
    const { generator } = await set(json({ error: 'Model too busy' }))
    const error = await failure(drawn(generator))
    expect(error.code).toBe('NETWORK_FAILED')
    expect(error.message).toContain('application/json instead of a picture: Model too busy')
  })
})
