import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { createAutomatic1111Generator } from '../remote.js'
import { drawn, failure } from './__fixtures__/drawn.js'
import { type Exchange, json, startService } from './__fixtures__/loopback-service.js'
import { pixelsOf, pngOf } from './__fixtures__/pictures.js'

const seedOf = ({ body }: Exchange) => (body as { seed: number }).seed

/** A server that draws another picture for each seed, an even one more slowly. */
const startDrawing = async (
  options: { readonly wrongSeed?: number; readonly slowFrom?: number } = {},
) => {
  const busy = { now: 0, most: 0 }
  const server = await startService(async (exchange) => {
    const seed = seedOf(exchange)
    busy.most = Math.max(busy.most, ++busy.now)
    const isSlow = seed >= (options.slowFrom ?? Number.POSITIVE_INFINITY)
    await sleep(isSlow ? 5000 : seed % 2 === 0 ? 60 : 30, undefined, { ref: false })
    busy.now--
    const picture = seed === options.wrongSeed ? 'AAAA' : (await pngOf(seed)).toString('base64')
    json({ images: [picture] })(exchange)
  })
  return { server, busy }
}

describe('createRemoteGenerator', () => {
  it('gives pictures in the order of their seeds, however many are under way', async () => {
    for (const concurrency of [1, 3, 16]) {
      const { server, busy } = await startDrawing()
      const generator = createAutomatic1111Generator({ baseUrl: server.url, concurrency })
      const progress = vi.fn()
      const images = await drawn(generator, { count: 7, seed: 40, progress })
      const seeds = images.map(({ seed }) => seed)
      expect(seeds).toEqual([40, 41, 42, 43, 44, 45, 46])
      const pixels = images.map((image) => image.outcome === 'image' && image.image.data)
      expect(pixels).toEqual(seeds.map((seed) => pixelsOf(seed)))
      expect(busy.most).toBe(Math.min(concurrency, 7))
      expect(progress.mock.calls.map(([{ done, total }]) => [done, total])).toEqual(
        [1, 2, 3, 4, 5, 6, 7].map((done) => [done, 7]),
      )
    }
  })

  it('gives the pictures before one that fails, then its error, which names the seed', async () => {
    const { server } = await startDrawing({ wrongSeed: 12 })
    const generator = createAutomatic1111Generator({ baseUrl: server.url, concurrency: 3 })
    const seeds: number[] = []
    const all = async () => {
      for await (const { seed } of generator.generate({ prompt: '', count: 6, seed: 10 }))
        seeds.push(seed)
    }
    const error = await failure(all())
    expect(seeds).toEqual([10, 11])
    expect(error).toMatchObject({ code: 'IMAGE_UNSUPPORTED_FORMAT' })
    expect(error.location.file).toContain('seed 12')
    await expect.poll(() => server.open).toBe(0)
  })

  it('lets go of all requests when its caller leaves', async () => {
    const { server } = await startDrawing({ slowFrom: 3 })
    const generator = createAutomatic1111Generator({ baseUrl: server.url, concurrency: 4 })
    for await (const { seed } of generator.generate({ prompt: '', count: 100, seed: 1 })) {
      if (seed === 2) break
    }
    await expect.poll(() => server.open).toBe(0)
    const answered = server.requests.filter(({ response }) => response.writableFinished)
    expect(answered.map(seedOf).sort()).toEqual([1, 2])
    expect(server.requests.length).toBeLessThan(7)
  })

  it('tells whether a picture has the size that was asked for', async () => {
    const { server } = await startDrawing()
    const generator = createAutomatic1111Generator({ baseUrl: server.url })
    const told = async (size: { width?: number; height?: number }) => {
      const [image] = await drawn(generator, size)
      return image?.outcome === 'image' ? image.metadata?.['sizeHonoured'] : 'rejected'
    }
    expect(await told({})).toBe(null)
    expect(await told({ width: 16, height: 8 })).toBe(true)
    expect(await told({ width: 8, height: 16 })).toBe(false)
  })

  it('has no fingerprint, as no service tells one', () => {
    expect(createAutomatic1111Generator()).toMatchObject({ id: 'automatic1111', fingerprint: null })
    expect(createAutomatic1111Generator({ id: 'mine' }).id).toBe('mine')
  })

  it.each([
    ['a hook', { hook: async () => ({}) }, 'hook'],
    ['a width alone', { width: 64 }, 'width and height'],
    ['a height alone', { height: 64 }, 'width and height'],
    ['no picture', { count: 0 }, 'count'],
    ['half a picture', { count: 0.5 }, 'count'],
    ['a negative seed, which would be a random one', { seed: -1 }, 'seed'],
    ['a seed beyond exact numbers', { seed: 2 ** 53 }, 'seed'],
    [
      'a last seed beyond exact numbers',
      { seed: Number.MAX_SAFE_INTEGER, count: 2 },
      'last picture',
    ],
    ['a size of no pixels', { width: 0, height: 64 }, 'width'],
    ['a size with half a pixel', { width: 64, height: 0.5 }, 'height'],
    ['no steps', { steps: 0 }, 'steps'],
    ['a guidance scale that is no number', { guidanceScale: Number.NaN }, 'guidance'],
  ])('asks for nothing where a request has %s', async (_, request, word) => {
    const { server } = await startDrawing()
    const generator = createAutomatic1111Generator({ baseUrl: server.url })
    const error = await failure(drawn(generator, request))
    expect(error.kind).toBe('argument')
    expect(error.message).toContain(word)
    expect(server.connections).toBe(0)
  })
})
