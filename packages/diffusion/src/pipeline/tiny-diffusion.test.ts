import { readFileSync } from 'node:fs'
import type { EmbeddingBatch, GeneratedImage } from '@assay/core'
import { cosineSimilarity } from '@assay/core/linear-algebra'
import { checkGenerator } from '@assay/core/testing'
import { openEncoder } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { tinyClip, tinyDiffusion } from '@assay/tiny-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formulaNoise } from './__fixtures__/formula-weights.js'
import { type DiffusionPipeline, openPipeline } from './open-pipeline.js'

/** The same graphs in Python: see `tiny-diffusion.oracle.py`. */
const oracle = JSON.parse(
  readFileSync(new URL('./tiny-diffusion.oracle.json', import.meta.url), 'utf8'),
) as { prompt: string; pixels: number[] }[]

const engine = createEngine({ threads: 2, workers: 1 })
let pipeline: DiffusionPipeline

beforeAll(async () => {
  pipeline = await openPipeline({ folder: tinyDiffusion, engine })
})
afterAll(() => engine.close())

const imageOf = (picture: GeneratedImage | undefined) => {
  if (picture?.outcome === 'image') return picture.image
  throw new Error('no picture')
}

async function draw(from: DiffusionPipeline, prompt: string, count: number, more = {}) {
  const pictures: GeneratedImage[] = []
  for await (const picture of from.generate({ prompt, count, seed: 0, ...more })) {
    pictures.push(picture)
  }
  return pictures
}

const difference = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  Math.max(...Array.from(one, (value, at) => Math.abs(value - (other[at] ?? Number.NaN))))

describe('the tiny diffusion', () => {
  it('has a card of all its files, with its licence and what it was measured to do', async () => {
    const { card } = pipeline
    expect([pipeline.id, card?.licence]).toEqual(['assay/tiny-diffusion', 'Apache-2.0'])
    expect(card?.attribution).toContain('CC-BY-4.0')
    const bytes = card?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0
    expect(bytes).toBeLessThan(20e6)
    expect(card?.quality.map(({ name }) => name)).toContain(
      'share of near-copies of training pictures',
    )
  })

  it('draws the pictures that onnxruntime draws in Python', async () => {
    for (const [seed, { prompt, pixels }] of oracle.entries()) {
      const noisy = await openPipeline({ folder: tinyDiffusion, engine, noise: formulaNoise })
      const [picture] = await draw(noisy, prompt, 1, { seed, steps: 8, guidanceScale: 2 })
      expect(difference(imageOf(picture).data, pixels)).toBeLessThanOrEqual(1)
      await noisy.close()
    }
  })

  it('draws the same in any batch, to within a level of 255', async () => {
    const alone = await openPipeline({ folder: tinyDiffusion, engine, batchSize: 1 })
    const [one, other] = [await draw(pipeline, 'frog', 3), await draw(alone, 'frog', 3)]
    for (const [at, picture] of one.entries()) {
      expect(difference(imageOf(picture).data, imageOf(other[at]).data)).toBeLessThanOrEqual(1)
    }
    await alone.close()
  })

  it('draws what the tiny CLIP knows by its name', async () => {
    const names = ['red apple', 'frog', 'whale', 'tulip', 'pizza', 'sailboat']
    const encoder = await openEncoder({ folder: tinyClip, engine })
    const texts = await encoder.text?.embedTexts(names.map((text) => ({ id: text, text })))
    const pictures = await Promise.all(
      names.map(async (name) => ({
        id: name,
        source: imageOf((await draw(pipeline, name, 1))[0]),
      })),
    )
    const images = await encoder.image?.embedImages(pictures)
    if (!texts || !images) throw new Error('nothing was embedded')
    const row = ({ embeddings }: EmbeddingBatch, at: number) =>
      embeddings.data.subarray(at * embeddings.columns, (at + 1) * embeddings.columns)
    const found = names.map((_, picture) => {
      const similar = names.map((__, text) =>
        cosineSimilarity(row(images, picture), row(texts, text)),
      )
      return names[similar.indexOf(Math.max(...similar))]
    })
    expect(found).toEqual(names)
    await encoder.close()
  })

  it('keeps the contract of generators', async () => {
    // Kernels may sum a batch in another order.
    await checkGenerator({ generator: pipeline, wishes: { steps: 2 }, tolerance: 1 })
  })
})
