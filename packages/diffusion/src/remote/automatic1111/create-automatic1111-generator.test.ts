import { describe, expect, it } from 'vitest'
import { drawn, failure, thrown } from '../__fixtures__/drawn.js'
import { type Answer, json, startService } from '../__fixtures__/loopback-service.js'
import { pixelsOf, pngOf } from '../__fixtures__/pictures.js'
import type { Automatic1111GeneratorOptions } from './automatic1111-options.js'
import { createAutomatic1111Generator } from './create-automatic1111-generator.js'

const base64 = async (number: number) => (await pngOf(number)).toString('base64')

/** Draws a batch of pictures, and tells of them in `info` as the web UI does. */
const answering =
  (change: (info: Record<string, unknown>, images: string[]) => unknown = (info) => info): Answer =>
  async (exchange) => {
    const { seed, batch_size: size } = exchange.body as { seed: number; batch_size: number }
    const seeds = Array.from({ length: size }, (_, index) => seed + index)
    const images = await Promise.all(seeds.map(base64))
    const info = {
      prompt: 'a red fox',
      seed,
      all_seeds: seeds,
      index_of_first_image: 0,
      infotexts: seeds.map((each) => `a red fox\nSteps: 20, Seed: ${each}`),
      sd_model_name: 'v1-5-pruned',
      sd_model_hash: '6ce0161689',
      sampler_name: 'Euler a',
      version: 'v1.10.1',
    }
    const changed = change(info, images)
    const told = changed === undefined ? {} : { info: JSON.stringify(changed) }
    json({ images, parameters: {}, ...told })(exchange)
  }

async function set(answer: Answer, options: Automatic1111GeneratorOptions = {}) {
  const server = await startService(answer)
  return { server, generator: createAutomatic1111Generator({ baseUrl: server.url, ...options }) }
}

describe('createAutomatic1111Generator', () => {
  it('asks as the interface says, with user and password', async () => {
    const { server, generator } = await set(answering(), {
      key: 'me:pass:word',
      model: 'sd_xl',
      parameters: { sampler_name: 'DDIM', override_settings: { CLIP_stop_at_last_layers: 2 } },
    })
    await drawn(generator, {
      negativePrompt: 'fog',
      width: 16,
      height: 8,
      steps: 12,
      guidanceScale: 6.5,
    })
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'POST', path: '/sdapi/v1/txt2img' })
    const authorization = `Basic ${Buffer.from('me:pass:word').toString('base64')}`
    expect(request?.headers['authorization']).toBe(authorization)
    expect(request?.body).toEqual({
      prompt: 'a red fox',
      negative_prompt: 'fog',
      seed: 7,
      batch_size: 1,
      n_iter: 1,
      width: 16,
      height: 8,
      steps: 12,
      cfg_scale: 6.5,
      send_images: true,
      save_images: false,
      sampler_name: 'DDIM',
      override_settings: { sd_model_checkpoint: 'sd_xl', CLIP_stop_at_last_layers: 2 },
    })
    expect(generator.id).toBe('automatic1111/sd_xl')
  })

  it('leaves out what a request does not wish, so that the server decides', async () => {
    const { server, generator } = await set(answering())
    await drawn(generator)
    const { body } = server.requests[0] ?? {}
    const names = ['prompt', 'seed', 'batch_size', 'n_iter', 'send_images', 'save_images']
    expect(Object.keys(body as object)).toEqual(names)
  })

  it('asks for one picture a request, each with its own seed', async () => {
    const { server, generator } = await set(answering())
    const images = await drawn(generator, { count: 3 })
    expect(server.requests.map(({ body }) => body)).toMatchObject(
      [7, 8, 9].map((seed) => ({ seed, batch_size: 1 })),
    )
    const told = images.map(
      (image) => image.outcome === 'image' && image.metadata?.['seedHonoured'],
    )
    expect(told).toEqual([true, true, true])
  })

  it('gives the pictures of a batch their seeds', async () => {
    const { server, generator } = await set(answering(), { batchSize: 4 })
    const images = await drawn(generator, { count: 6, seed: 100 })
    expect(server.requests).toHaveLength(2)
    expect(images.map(({ seed }) => seed)).toEqual([100, 101, 102, 103, 104, 105])
    const pixels = images.map((image) => image.outcome === 'image' && image.image.data)
    expect(pixels).toEqual([100, 101, 102, 103, 104, 105].map((seed) => pixelsOf(seed)))
    expect(images.map((image) => image.outcome === 'image' && image.metadata)).toMatchObject(
      [4, 4, 4, 4, 2, 2].map((batchSize) => ({ batchSize, seedHonoured: true })),
    )
  })

  it('reads info, which is JSON within JSON', async () => {
    const { generator } = await set(answering())
    const [image] = await drawn(generator)
    expect(image).toMatchObject({
      metadata: {
        service: 'automatic1111',
        model: 'v1-5-pruned',
        seedHonoured: true,
        details: {
          sd_model_hash: '6ce0161689',
          sampler_name: 'Euler a',
          version: 'v1.10.1',
          seed: 7,
          infotext: 'a red fox\nSteps: 20, Seed: 7',
        },
      },
    })
  })

  it('says where another seed was used', async () => {
    const { generator } = await set(answering((info) => ({ ...info, all_seeds: [4], seed: 4 })))
    expect((await drawn(generator))[0]).toMatchObject({
      metadata: { seedHonoured: false, details: { seed: 4 } },
    })
  })

  it.each([
    ['there is no info', () => undefined],
    ['info is empty', () => ''],
    ['info is no object', () => [1]],
    ['info is of another kind', () => ({ all_seeds: 'none', seed: null, infotexts: 3 })],
  ])('does not say that the seed was used where %s', async (_, change) => {
    const { generator } = await set(answering(change))
    expect((await drawn(generator))[0]).toMatchObject({
      metadata: { seedHonoured: null, model: null, details: {} },
    })
  })

  it('passes over a grid that stands before the pictures', async () => {
    const grid = await base64(99)
    const { generator } = await set(
      answering((info, images) => {
        images.unshift(grid)
        return { ...info, index_of_first_image: 1 }
      }),
      { batchSize: 2 },
    )
    const images = await drawn(generator, { count: 2 })
    const pixels = images.map((image) => image.outcome === 'image' && image.image.data)
    expect(pixels).toEqual([pixelsOf(7), pixelsOf(8)])
  })

  it.each([
    ['more', (images: string[]) => images.push('AAAA')],
    ['fewer', (images: string[]) => images.pop()],
  ])('does not guess which picture is which where there are %s', async (_, change) => {
    const { generator } = await set(
      answering((info, images) => {
        change(images)
        return info
      }),
    )
    const error = await failure(drawn(generator))
    expect(error.code).toBe('NETWORK_FAILED')
    expect(error.message).toContain('where 1 were asked for')
  })

  it('takes a picture as a data URL', async () => {
    const { generator } = await set(
      answering((info, images) => {
        images[0] = `data:image/png;base64,${images[0]}`
        return info
      }),
    )
    expect((await drawn(generator))[0]?.outcome).toBe('image')
  })

  it('tells the words of the server, also of one without its API', async () => {
    const memory = {
      error: 'OutOfMemoryError',
      detail: '',
      body: '',
      errors: 'CUDA out of memory.',
    }
    const full = await set(json(memory, { status: 500 }), { retries: 0 })
    expect((await failure(drawn(full.generator))).message).toContain('500: CUDA out of memory.')
    const closed = await set(json({ detail: 'Not Found' }, { status: 404 }))
    const error = await failure(drawn(closed.generator))
    expect(error.message).toContain('404: Not Found')
    expect(error.remedy).toContain('offers its API')
  })

  it.each([0, 1.5, Number.NaN])('takes no batch of %d', (batchSize) => {
    expect(thrown(() => createAutomatic1111Generator({ batchSize })).code).toBe('INVALID_ARGUMENT')
  })
})
