import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GeneratedImage, GenerationRequest } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import { formulaNoise } from './__fixtures__/formula-weights.js'
import {
  type PipelineFiles,
  stableDiffusion3,
  stableDiffusion15,
  stableDiffusionXlTurbo,
  writePipeline,
} from './__fixtures__/tiny-pipelines.js'
import { openPipeline } from './open-pipeline.js'

/** What numpy made of the same formulas: see `layouts.oracle.py`. */
const oracle = JSON.parse(
  readFileSync(new URL('./layouts.oracle.json', import.meta.url), 'utf8'),
) as { width: number; height: number; pictures: Record<string, number[][]> }

const root = mkdtempSync(join(tmpdir(), 'assay-layouts-'))
const engine = createEngine({ threads: 1 })

afterAll(async () => {
  await engine.close()
  rmSync(root, { recursive: true, force: true })
})

async function draw(
  name: string,
  files: PipelineFiles,
  request: Partial<GenerationRequest>,
  batchSize = 3,
): Promise<GeneratedImage[]> {
  const folder = writePipeline(join(root, name), files)
  const pipeline = await openPipeline({ folder, engine, noise: formulaNoise, batchSize })
  const pictures: GeneratedImage[] = []
  const { width, height } = oracle
  const wanted = { prompt: 'a cat', count: 3, seed: 0, width, height, ...request }
  for await (const picture of pipeline.generate(wanted)) pictures.push(picture)
  await pipeline.close()
  return pictures
}

/** Largest difference in levels of 255 from the oracle's pictures. */
function difference(pictures: readonly GeneratedImage[], name: string): number {
  const wanted = oracle.pictures[name] ?? []
  expect(pictures).toHaveLength(wanted.length)
  const differences = wanted.flatMap((values, at) => {
    const picture = pictures[at]
    const image = picture?.outcome === 'image' ? picture.image : null
    expect([image?.width, image?.height, image?.data.length]).toEqual([24, 16, values.length])
    return values.map((value, place) => Math.abs(value - (image?.data[place] ?? Number.NaN)))
  })
  return Math.max(...differences)
}

describe('published layouts', () => {
  it('draws with Stable Diffusion 1.5 what its formulas say', async () => {
    const request = { steps: 4, guidanceScale: 7.5, negativePrompt: 'b' }
    const pictures = await draw('sd15', stableDiffusion15(), request)
    expect(difference(pictures, 'stableDiffusion15')).toBeLessThanOrEqual(1)
  })

  it('draws with SDXL-Turbo in float16, without guidance at a scale of 0', async () => {
    const request = { steps: 2, guidanceScale: 0 }
    const pictures = await draw('turbo', stableDiffusionXlTurbo(), request)
    expect(difference(pictures, 'stableDiffusionXlTurbo')).toBeLessThanOrEqual(1)
  })

  it('guides SDXL away from zeros where its configuration says so', async () => {
    const request = { steps: 2, guidanceScale: 3 }
    const pictures = await draw('xl', stableDiffusionXlTurbo(), request)
    expect(difference(pictures, 'stableDiffusionXlGuided')).toBeLessThanOrEqual(1)
  })

  it.each([
    ['without T5', false, 'stableDiffusion3'],
    ['with T5', true, 'stableDiffusion3WithT5'],
  ])('draws with SD3 %s', async (_, t5, name) => {
    const request = { steps: 3, guidanceScale: 5 }
    const pictures = await draw(name, stableDiffusion3({ t5 }), request)
    expect(difference(pictures, name)).toBeLessThanOrEqual(1)
  })

  it.each([1, 2])('draws the same in batches of %d', async (batchSize) => {
    const request = { steps: 4, guidanceScale: 7.5, negativePrompt: 'b' }
    const pictures = await draw(`batch${batchSize}`, stableDiffusion15(), request, batchSize)
    expect(pictures.map(({ seed }) => seed)).toEqual([0, 1, 2])
    expect(difference(pictures, 'stableDiffusion15')).toBeLessThanOrEqual(1)
  })
})
