import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ImageEncoder, ImageInput, Progress } from '@assay/core'
import { openCache } from '@assay/store'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryCache, recordingEncoder } from '../__fixtures__/recording-encoder.js'
import { embedPictures } from './embed-pictures.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-pictures-'))
afterAll(() => rmSync(folder, { recursive: true }))

const picture = (id: string, ...bytes: number[]): ImageInput => ({
  id,
  source: Uint8Array.from(bytes),
})
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => picture(`p${index}`, 1, index % 200, index >> 7))

describe('embedPictures', () => {
  it('gives a unit row for each picture in input order, whatever finishes first', async () => {
    const encoder = recordingEncoder({ during: (call) => wait(call === 1 ? 30 : 0) })
    const pictures = many(100)
    const { embeddings, failures, fromCache } = await embedPictures({ encoder, pictures })
    expect(embeddings).toMatchObject({ rows: 100, normalized: true, fingerprint: 'one' })
    expect(embeddings.ids).toEqual(pictures.map(({ id }) => id))
    pictures.forEach((_, row) => {
      expect(embeddings.data[row * 2 + 1]).toBeCloseTo((row % 200) / Math.hypot(1, row % 200), 6)
    })
    expect([failures, fromCache]).toEqual([[], 0])
    // No call is longer than its chunk, so that memory stays bounded.
    expect(Math.max(...encoder.calls.map((ids) => ids.length))).toBe(32)
  })

  it('leaves out what failed, in reading and in the encoder, and keeps the order of both', async () => {
    const path = join(folder, 'a.bin')
    writeFileSync(path, Uint8Array.from([3, 4]))
    const { embeddings, failures } = await embedPictures({
      encoder: recordingEncoder(),
      pictures: [
        { id: 'absent', source: join(folder, 'absent.png') },
        picture('broken', 'x'.charCodeAt(0)),
        { id: 'file', source: path },
        picture('last', 0, 1),
      ],
    })
    expect(embeddings.ids).toEqual(['file', 'last'])
    expect([...embeddings.data]).toEqual([0.6, 0.8, 0, 1].map(Math.fround))
    expect(failures).toMatchObject([
      { id: 'absent', stage: 'read', code: 'IMAGE_UNREADABLE', location: { file: 'absent' } },
      { id: 'broken', stage: 'decode', code: 'IMAGE_CORRUPT' },
    ])
  })

  it('gives rows as the model gives them where that is asked for, and keeps both kinds apart', async () => {
    const cache = memoryCache()
    const pictures = [picture('a', 3, 4)]
    await embedPictures({ encoder: recordingEncoder(), pictures, cache })
    const encoder = recordingEncoder({ normalize: false })
    const first = await embedPictures({ encoder, pictures, cache, normalize: false })
    expect(first.embeddings).toMatchObject({ normalized: false, data: Float32Array.of(3, 4) })
    const again = await embedPictures({ encoder, pictures, cache, normalize: false })
    expect(again).toMatchObject({ fromCache: 1, embeddings: { data: Float32Array.of(3, 4) } })
    const unit = recordingEncoder()
    await expect(
      embedPictures({ encoder: unit, pictures: [picture('b', 1, 1)], normalize: false }),
    ).rejects.toMatchObject({ code: 'NORMALIZATION_MISMATCH' })
  })

  it('takes what is known from the cache, and asks the encoder for the rest only', async () => {
    const cache = memoryCache()
    const first = await embedPictures({ encoder: recordingEncoder(), pictures: many(10), cache })
    const encoder = recordingEncoder()
    const second = await embedPictures({ encoder, pictures: many(12), cache })
    expect(second.fromCache).toBe(10)
    expect(encoder.calls).toEqual([['p10', 'p11']])
    expect(second.embeddings.data.subarray(0, 20)).toEqual(first.embeddings.data)
  })

  it('knows a picture by its content, not by its name', async () => {
    const cache = memoryCache()
    await embedPictures({ encoder: recordingEncoder(), pictures: [picture('a', 3, 4)], cache })
    const encoder = recordingEncoder()
    const pictures = [picture('renamed', 3, 4), picture('a', 4, 3)]
    const { fromCache, embeddings } = await embedPictures({ encoder, pictures, cache })
    expect(fromCache).toBe(1)
    expect(encoder.calls).toEqual([['a']])
    expect([...embeddings.data]).toEqual([0.6, 0.8, 0.8, 0.6].map(Math.fround))
  })

  it('never takes a vector of another encoder, or of another length', async () => {
    const cache = memoryCache()
    const pictures = [picture('a', 3, 4)]
    await embedPictures({ encoder: recordingEncoder(), pictures, cache })
    const other = recordingEncoder({ fingerprint: 'two' })
    expect((await embedPictures({ encoder: other, pictures, cache })).fromCache).toBe(0)
    for (const key of cache.entries.keys()) cache.entries.set(key, new Uint8Array(4))
    const again = await embedPictures({ encoder: recordingEncoder(), pictures, cache })
    expect(again.fromCache).toBe(0)
  })

  it('keeps no failure in the cache', async () => {
    const cache = memoryCache()
    const pictures = [picture('broken', 'x'.charCodeAt(0))]
    const work = { encoder: recordingEncoder(), pictures, cache }
    await embedPictures(work)
    expect(cache.entries.size).toBe(0)
    expect((await embedPictures(work)).failures).toHaveLength(1)
  })

  it('after an abort goes on where it stopped, to the same result', async () => {
    const path = join(folder, 'cache')
    const controller = new AbortController()
    const stopping = recordingEncoder({
      during: (call) => {
        if (call === 3) controller.abort()
      },
    })
    const pictures = many(200)
    const work = { pictures, cache: openCache(path) }
    await expect(
      embedPictures({ ...work, encoder: stopping, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'ABORTED' })
    const kept = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(kept.length).toBeGreaterThanOrEqual(32)
    expect(kept.length).toBeLessThan(200)
    const encoder = recordingEncoder()
    const resumed = await embedPictures({ ...work, encoder })
    expect(resumed.fromCache).toBe(kept.length)
    expect(encoder.calls.flat()).toHaveLength(200 - kept.length)
    const unbroken = await embedPictures({ encoder: recordingEncoder(), pictures })
    expect(resumed.embeddings).toEqual(unbroken.embeddings)
  })

  it('does nothing after its signal was aborted', async () => {
    const encoder = recordingEncoder()
    const signal = AbortSignal.abort()
    await expect(embedPictures({ encoder, pictures: many(3), signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    expect(encoder.calls).toEqual([])
  })

  it('tells of each picture once, found, embedded or failed', async () => {
    const cache = memoryCache()
    await embedPictures({ encoder: recordingEncoder(), pictures: many(5), cache })
    const events: Parameters<Progress>[0][] = []
    await embedPictures({
      encoder: recordingEncoder(),
      pictures: [...many(50), picture('broken', 'x'.charCodeAt(0))],
      cache,
      task: 'embed outputs',
      progress: (event) => events.push(event),
    })
    expect(events.map(({ done }) => done)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1))
    expect(events[0]).toEqual({ task: 'embed outputs', done: 1, total: 51 })
  })

  it('takes an empty set', async () => {
    const { embeddings } = await embedPictures({ encoder: recordingEncoder(), pictures: [] })
    expect(embeddings).toMatchObject({ rows: 0, columns: 2 })
  })

  it('knows pixels by their values and their shape', async () => {
    const cache = memoryCache()
    const recording = recordingEncoder()
    const encoder: ImageEncoder = {
      ...recording,
      embedImages: (images) => recording.embedImages(images.map(({ id }) => picture(id, 3, 4))),
    }
    const data = Uint8Array.from({ length: 18 }, (_, index) => index)
    const pictures = [
      { id: 'wide', source: { width: 3, height: 2, data } },
      { id: 'high', source: { width: 2, height: 3, data } },
      { id: 'wide again', source: { width: 3, height: 2, data: data.slice() } },
      { id: 'other', source: { width: 3, height: 2, data: data.map((value) => value + 1) } },
    ]
    await embedPictures({ encoder, pictures, cache })
    expect(cache.entries.size).toBe(3)
  })

  it('stops at an encoder that forgets a picture', async () => {
    const encoder = recordingEncoder()
    const forgetful = {
      ...encoder,
      embedImages: (images: readonly ImageInput[]) => encoder.embedImages(images.slice(1)),
    }
    await expect(embedPictures({ encoder: forgetful, pictures: many(3) })).rejects.toMatchObject({
      code: 'CONFORMANCE_FAILED',
      location: { id: 'p0' },
    })
  })

  it('refuses two pictures of one id', async () => {
    const pictures = [picture('a', 1, 2), picture('a', 2, 1)]
    await expect(embedPictures({ encoder: recordingEncoder(), pictures })).rejects.toMatchObject({
      code: 'DUPLICATE_ID',
    })
  })
})
