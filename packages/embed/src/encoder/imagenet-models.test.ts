import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Engine, ImageEncoder, ImageInput, RgbImage } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assayData } from '../__fixtures__/assay-data.js'
import { cardHead, writeModel } from '../__fixtures__/model-folder.js'
import { decodeImage } from '../decode/decode-image.js'
import { preprocessingSchema } from '../preprocess/preprocessing.js'
import { resizeImage } from '../preprocess/resize-image.js'
import { openEncoder } from './open-encoder.js'

type Ranking<Class> = readonly (readonly [label: Class, probability: number])[]
type Name = 'mobilenet' | 'squeezenet'

/** Made by Pillow and onnxruntime long before this package; lies beside the photographs. */
interface Reference {
  readonly pictures: Readonly<
    Record<
      string,
      Readonly<Record<Name, Ranking<string>>> & {
        readonly pixels_sum: number
        readonly pixel_0_0: readonly number[]
        readonly pixel_100_37: readonly number[]
      }
    >
  >
}

/** Made by imagenet-models.oracle.py. */
interface Oracle {
  readonly pictures: Readonly<
    Record<
      string,
      {
        readonly middle: Readonly<Record<Name, Ranking<number>>>
        /** Base64 of int16, of any length. */
        readonly embeddings: Readonly<Record<Name | 'tinyClip', string>>
      }
    >
  >
}

const data = assayData('models') && assayData('photos')
const readJson = (path: string | URL): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** As reference.json says: shortest side to 256, rounded, then the middle 224 of it. */
const preprocessing = {
  width: 224,
  height: 224,
  resize: 'shortest-side-centre-crop',
  shortestSide: 256,
  scaledSide: 'round',
  interpolation: 'bicubic',
  background: [255, 255, 255],
} as const

const models = {
  mobilenet: {
    file: 'mobilenet_v2_tf2_i8.onnx',
    sizes: { probs: 1001, embedding: 1280 },
    firstLabel: 0,
    scaling: { scale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] },
  },
  squeezenet: {
    file: 'squeezenet1.1_fp32.onnx',
    sizes: { probs: 1000, embedding: 512 },
    firstLabel: 1,
    scaling: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  },
} as const

describe.skipIf(!data)('real photographs through real models', () => {
  let engine: Engine
  let folder: string
  let oracle: Oracle
  let reference: Reference
  let photographs: ImageInput[]
  beforeAll(() => {
    engine = createEngine({ threads: 2 })
    folder = mkdtempSync(join(tmpdir(), 'assay-imagenet-'))
    oracle = readJson(new URL('imagenet-models.oracle.json', import.meta.url)) as Oracle
    reference = readJson(assayData('photos/reference.json') ?? '') as Reference
    photographs = Object.keys(reference.pictures).map((id) => ({ id, source: pathOf(id) }))
  })
  afterAll(async () => {
    await engine.close()
    rmSync(folder, { recursive: true })
  })

  /** One output of a model for pictures, each of unit length, by picture. */
  async function vectors(path: string, images: readonly ImageInput[]) {
    const encoder = await openEncoder({ folder: path, engine })
    const { embeddings, failures } = await (encoder.image as ImageEncoder).embedImages(images)
    await encoder.close()
    expect(failures).toEqual([])
    const { columns } = embeddings
    return new Map(
      images.map(({ id }, row) => [
        id,
        [...embeddings.data.subarray(row * columns, (row + 1) * columns)],
      ]),
    )
  }

  /** A classifier, wrapped by a card that takes one of its outputs for an embedding. */
  function classifier(name: Name, output: 'probs' | 'embedding', shortestSide = 256): string {
    const { file, sizes, scaling } = models[name]
    const image = {
      model: file,
      input: { name: 'image', type: 'float32', shape: ['batch', 3, 224, 224] },
      output: { name: output, type: 'float32', shape: ['batch', sizes[output]] },
      preprocessing: { ...preprocessing, ...scaling, shortestSide },
    }
    const path = join(folder, `${name}-${output}-${shortestSide}`)
    const graph = readFileSync(assayData(`models/${file}`) ?? '')
    writeModel(path, { [file]: graph }, { ...cardHead, dimensions: sizes[output], image })
    return path
  }

  /** Class probabilities by picture: rows that sum to one instead of having unit length. */
  async function probabilities(path: string, images: readonly ImageInput[]) {
    const rows = await vectors(path, images)
    return new Map(
      [...rows].map(([id, values]) => {
        const sum = values.reduce((total, value) => total + value, 0)
        return [id, values.map((value) => value / sum)]
      }),
    )
  }

  it.each(['mobilenet', 'squeezenet'] as const)(
    '%s sees in unscaled pixels what it sees after Pillow',
    async (name) => {
      const images = await Promise.all(photographs.map(({ id }) => middleOf(id)))
      const seen = await probabilities(classifier(name, 'probs', 224), images)
      for (const [id, { middle }] of Object.entries(oracle.pictures)) {
        const values = seen.get(id) ?? []
        expect(topFive(values), id).toEqual(middle[name].map(([index]) => index))
        for (const [index, probability] of middle[name]) {
          expect(Math.abs((values[index] ?? 1) - probability), id).toBeLessThan(2e-5)
        }
      }
    },
  )

  it.each(['mobilenet', 'squeezenet'] as const)(
    '%s gives every photograph its five classes of the reference, in order',
    async (name) => {
      const labels = readFileSync(assayData('models/imagenet_labels_1001.txt') ?? '', 'utf8')
        .trim()
        .split('\n')
        .slice(models[name].firstLabel)
      const seen = await probabilities(classifier(name, 'probs'), photographs)
      for (const [id, expected] of Object.entries(reference.pictures)) {
        const values = seen.get(id) ?? []
        const likeliest = values.toSorted((a, b) => b - a)
        expected[name].forEach(([label, probability], rank) => {
          // The class has this rank, or another one of exactly this probability has it: quantised
          // models give equal ones. Two classes are called crane.
          const own = values.filter((_, index) => labels[index] === label)
          expect(
            own.some((value) => value === likeliest[rank]),
            `${id}: ${label}`,
          ).toBe(true)
          expect(Math.abs((likeliest[rank] ?? 1) - probability), id).toBeLessThan(1e-5)
        })
      }
    },
  )

  it('gives every photograph the pixels of the reference', async () => {
    const rule = preprocessingSchema.parse({ ...preprocessing, ...models.squeezenet.scaling })
    for (const [id, expected] of Object.entries(reference.pictures)) {
      const { data: pixels } = await resizeImage(await decodeImage(pathOf(id)), rule)
      const at = (row: number, column: number) => [
        ...pixels.subarray((row * 224 + column) * 3, (row * 224 + column) * 3 + 3),
      ]
      expect(at(0, 0), id).toEqual(expected.pixel_0_0)
      expect(at(100, 37), id).toEqual(expected.pixel_100_37)
      // Stored as float32.
      const sum = Math.fround(pixels.reduce((total, value) => total + value, 0))
      expect(sum, id).toBe(expected.pixels_sum)
    }
  })

  it.each(['mobilenet', 'squeezenet', 'tinyClip'] as const)(
    '%s embeds every photograph as the Python pipeline does',
    async (name) => {
      const world = new URL('../../../../models/tiny-world/tiny-clip/', import.meta.url)
      const path = name === 'tinyClip' ? fileURLToPath(world) : classifier(name, 'embedding')
      const seen = await vectors(path, photographs)
      for (const [id, { embeddings }] of Object.entries(oracle.pictures)) {
        expect(cosine(seen.get(id) ?? [], int16Of(embeddings[name])), id).toBeGreaterThan(0.999999)
      }
    },
  )
})

const pathOf = (id: string): string => assayData(`photos/${id}`) ?? ''

/** Classes by probability; of equal ones the last comes first. */
const topFive = (values: readonly number[]): number[] =>
  [...values.entries()]
    .sort(([i, a], [j, b]) => b - a || j - i)
    .map(([index]) => index)
    .slice(0, 5)

function int16Of(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2))
}

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? Number.NaN), 0)

const cosine = (one: readonly number[], other: readonly number[]): number =>
  dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))

async function middleOf(id: string): Promise<{ id: string; source: RgbImage }> {
  const { width, height, data: pixels } = await decodeImage(pathOf(id))
  const side = 224
  const left = Math.floor((width - side) / 2)
  const top = Math.floor((height - side) / 2)
  const rows = Array.from({ length: side }, (_, y) => {
    const start = ((top + y) * width + left) * 3
    return pixels.subarray(start, start + side * 3)
  })
  return { id, source: { width: side, height: side, data: new Uint8Array(Buffer.concat(rows)) } }
}
