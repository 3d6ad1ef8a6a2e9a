import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageEncoder, ImageInput, RgbImage } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeGraph, fakeEngine } from '../__fixtures__/fake-engine.js'
import { cardHead, imageTower, writeModel } from '../__fixtures__/model-folder.js'
import { solid } from '../__fixtures__/picture-files.js'
import { decoderVersion } from '../decode/decoder-version.js'
import { openEncoder } from './open-encoder.js'

const folders: string[] = []
const modelFolder = (changes: object = {}, weights = 'weights'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-encoder-'))
  folders.push(folder)
  const files = { 'image.onnx': Buffer.from(weights) }
  writeModel(folder, files, { ...cardHead, dimensions: 3, image: { ...imageTower, ...changes } })
  return folder
}
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true })
})

let folder: string
beforeAll(() => {
  folder = modelFolder()
})

const open = async (graph: FakeGraph = {}) => {
  const engine = fakeEngine(graph)
  const opened = await openEncoder({ folder, engine })
  return { ...opened, engine, image: opened.image as ImageEncoder }
}

const colour = (id: string, pixel: readonly number[]): ImageInput => ({
  id,
  source: {
    width: 8,
    height: 8,
    data: Uint8Array.from({ length: 8 * 8 * 3 }, (_, index) => pixel[index % 3] ?? 0),
  } satisfies RgbImage,
})

const rowsOf = ({ data, rows, columns }: { data: Float32Array; rows: number; columns: number }) =>
  Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)])

describe('openEncoder', () => {
  it('tells what the audit document needs', async () => {
    const encoder = await open()
    expect(encoder.text).toBeNull()
    expect(encoder.image).toMatchObject({ id: 'test/model', dimensions: 3, space: 'test/model' })
    expect(encoder.image.fingerprint).toBe(encoder.fingerprint)
    for (const hash of [encoder.fingerprint, encoder.weightsSha256, encoder.preprocessingHash]) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/)
    }
    expect(decoderVersion).toMatch(/^sharp \S+ libvips \S+ rules \d+$/)
  })

  it('gives another fingerprint to other weights, preprocessing and devices', async () => {
    const engine = fakeEngine()
    const other = await openEncoder({ folder, engine: { ...engine, device: 'cuda' } })
    const scaled = { preprocessing: { ...imageTower.preprocessing, interpolation: 'bilinear' } }
    const [base, again, weights, preprocessing] = await Promise.all(
      [modelFolder(), modelFolder(), modelFolder({}, 'other'), modelFolder(scaled)].map((each) =>
        openEncoder({ folder: each, engine }),
      ),
    )
    expect(again?.fingerprint).toBe(base?.fingerprint)
    expect(weights?.preprocessingHash).toBe(base?.preprocessingHash)
    expect(preprocessing?.weightsSha256).toBe(base?.weightsSha256)
    expect(other.weightsSha256).toBe(base?.weightsSha256)
    const all = [base, weights, preprocessing, other].map((encoder) => encoder?.fingerprint)
    expect(new Set(all).size).toBe(4)
  })

  it.each<[string, FakeGraph]>([
    ['has no input pixels, only x', { inputs: [{ name: 'x', type: 'float32', shape: [1] }] }],
    [
      'has the input pixels float64[batch, 3, 8, 8] where its card says pixels float32[batch, 3, 8, 8]',
      { inputs: [{ name: 'pixels', type: 'float64', shape: ['batch', 3, 8, 8] }] },
    ],
    [
      'has the input pixels float32[1, 3, 9, 8]',
      { inputs: [{ name: 'pixels', type: 'float32', shape: [1, 3, 9, 8] }] },
    ],
    [
      'has the output vector float32[batch, 4]',
      { outputs: [{ name: 'vector', type: 'float32', shape: ['batch', 4] }] },
    ],
    [
      'also needs the inputs mask',
      {
        inputs: [
          { name: 'pixels', type: 'float32', shape: ['batch', 3, 8, 8] },
          { name: 'mask', type: 'int64', shape: ['batch'] },
        ],
      },
    ],
  ])('refuses a graph that its card does not describe: %s', async (reason, graph) => {
    const engine = fakeEngine(graph)
    await expect(openEncoder({ folder, engine })).rejects.toMatchObject({
      code: 'MODEL_INCOMPATIBLE',
      message: expect.stringContaining(reason),
    })
    expect(engine.closed).toBe(engine.opened)
  })

  it('takes a graph of free dimensions', async () => {
    const shape = ['batch', 'channels', 'height', 'width']
    await open({ inputs: [{ name: 'pixels', type: 'float32', shape }] })
  })

  it('opens nothing after an abort, and frees the model when closed', async () => {
    const engine = fakeEngine()
    const signal = AbortSignal.abort()
    await expect(openEncoder({ folder, engine, signal })).rejects.toMatchObject({ code: 'ABORTED' })
    expect(engine.opened).toBe(0)
    const encoder = await open()
    await encoder.close()
    expect(encoder.engine.closed).toBe(1)
    await expect(encoder.image.embedImages([colour('a', [1, 2, 3])])).rejects.toMatchObject({
      code: 'ENGINE_CLOSED',
    })
  })
})

describe('embedImages', () => {
  it('gives unit rows in the order of the pictures, whatever finishes first', async () => {
    // The first run is the last to end.
    const release = [() => {}]
    const first = new Promise<void>((resolve) => {
      release[0] = resolve
    })
    const encoder = await open({
      delay: async (run) => {
        if (run === 1) await first
        else release[0]?.()
      },
    })
    const images = Array.from({ length: 20 }, (_, index) => colour(`p${index}`, [255, index, 0]))
    const { embeddings, failures } = await encoder.image.embedImages(images)
    expect(failures).toEqual([])
    expect(embeddings.ids).toEqual(images.map(({ id }) => id))
    expect(embeddings).toMatchObject({ normalized: true, fingerprint: encoder.fingerprint })
    rowsOf(embeddings).forEach(([red, green, blue], index) => {
      const length = Math.hypot(255, index)
      expect(red).toBeCloseTo(255 / length, 6)
      expect(green).toBeCloseTo(index / length, 6)
      expect(blue).toBe(0)
    })
    expect(encoder.engine.batches).toEqual([8, 8, 4])
  })

  it('gives vectors as the model does, where raw ones are asked for', async () => {
    const pictures = [colour('a', [10, 20, 30]), colour('b', [90, 20, 30])]
    const unit = await (await open()).image.embedImages(pictures)
    const opened = await openEncoder({ folder, engine: fakeEngine({}), normalize: false })
    const raw = (await (opened.image as ImageEncoder).embedImages(pictures)).embeddings
    expect(raw).toMatchObject({ normalized: false, fingerprint: unit.embeddings.fingerprint })
    expect(rowsOf(raw).map((row) => Math.hypot(...row))).not.toContainEqual(expect.closeTo(1, 3))
    const directions = rowsOf(raw).map((row) => row.map((value) => value / Math.hypot(...row)))
    directions.flat().forEach((value, at) => {
      expect(unit.embeddings.data[at]).toBeCloseTo(value, 6)
    })
  })

  it('takes files, bytes and pixels alike', async () => {
    const encoder = await open()
    const bytes = await solid(20, 10, [30, 40, 0]).png().toBuffer()
    const path = join(folder, 'picture.png')
    await solid(20, 10, [30, 40, 0]).png().toFile(path)
    const { embeddings } = await encoder.image.embedImages([
      { id: 'path', source: path },
      { id: 'bytes', source: bytes },
      colour('pixels', [30, 40, 0]),
    ])
    for (const row of rowsOf(embeddings)) {
      expect(row[0]).toBeCloseTo(0.6, 6)
      expect(row[1]).toBeCloseTo(0.8, 6)
    }
  })

  it('makes a failure of a broken picture and of a vector without direction, and goes on', async () => {
    const encoder = await open()
    const { embeddings, failures } = await encoder.image.embedImages([
      colour('a', [1, 2, 3]),
      { id: 'broken', source: Buffer.from('GIF89a') },
      colour('black', [0, 0, 0]),
      { id: 'absent', source: join(folder, 'absent.png') },
      colour('b', [3, 2, 1]),
    ])
    expect(embeddings.ids).toEqual(['a', 'b'])
    expect(failures).toMatchObject([
      {
        id: 'broken',
        stage: 'decode',
        code: 'IMAGE_UNSUPPORTED_FORMAT',
        location: { file: 'broken' },
      },
      { id: 'black', stage: 'embed', code: 'ZERO_VECTOR' },
      { id: 'absent', stage: 'decode', code: 'IMAGE_UNREADABLE' },
    ])
  })

  it('makes a failure of a vector that is not finite', async () => {
    const encoder = await open({ vectorOf: () => [1, Number.NaN, 0] })
    const { embeddings, failures } = await encoder.image.embedImages([colour('a', [1, 2, 3])])
    expect(embeddings.rows).toBe(0)
    expect(failures).toMatchObject([{ id: 'a', stage: 'embed', code: 'NOT_FINITE' }])
  })

  it('runs a graph of one picture at a time', async () => {
    const shape = [1, 3, 8, 8]
    const engine = fakeEngine({ inputs: [{ name: 'pixels', type: 'float32', shape }] })
    const single = modelFolder({ input: { ...imageTower.input, shape } })
    const { image } = await openEncoder({ folder: single, engine })
    const images = [colour('a', [1, 2, 3]), colour('b', [3, 2, 1]), colour('c', [2, 2, 2])]
    expect((await image?.embedImages(images))?.embeddings.ids).toEqual(['a', 'b', 'c'])
    expect(engine.batches).toEqual([1, 1, 1])
  })

  it('makes a failure of pixels that do not fill their picture', async () => {
    const source = { width: 8, height: 8, data: new Uint8Array(8) }
    const { failures } = await (await open()).image.embedImages([{ id: 'a', source }])
    expect(failures).toMatchObject([{ id: 'a', stage: 'decode', code: 'IMAGE_CORRUPT' }])
  })

  it('gives an empty matrix for no pictures', async () => {
    const { embeddings, failures } = await (await open()).image.embedImages([])
    expect(embeddings).toMatchObject({ rows: 0, columns: 3, ids: [] })
    expect(failures).toEqual([])
  })

  it('refuses an output of another size than the card promises', async () => {
    const encoder = await open({ vectorOf: () => [1, 2, 3, 4] })
    await expect(encoder.image.embedImages([colour('a', [1, 2, 3])])).rejects.toMatchObject({
      code: 'MODEL_INCOMPATIBLE',
    })
  })

  it('stops when its signal is aborted', async () => {
    const controller = new AbortController()
    const encoder = await open({ delay: async () => controller.abort() })
    const images = Array.from({ length: 100 }, (_, index) => colour(`p${index}`, [1, 2, 3]))
    const work = encoder.image.embedImages(images, { signal: controller.signal })
    await expect(work).rejects.toMatchObject({ code: 'ABORTED' })
    expect(encoder.engine.batches.length).toBeLessThan(6)
  })
})
