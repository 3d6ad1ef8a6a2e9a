import type { ImageGenerator, RgbImage, Tensor } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { samplerSpace } from './sampler-space.js'

const { signal } = new AbortController()

/** A generator that shows one prediction of a shape, or none, and gives a black picture. */
const generatorOf = (
  shape: readonly number[] | null,
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
): ImageGenerator => ({
  specificationVersion: 1,
  id: 'test',
  fingerprint: null,
  async *generate({ hook, seed }) {
    if (shape !== null) {
      const data = new Float32Array(shape.reduce((product, length) => product * length, 1))
      const tensor: Tensor = { type: 'float32', dims: [...shape], data }
      const level = { timestep: 1, signalCoefficient: 0, noiseCoefficient: 1 }
      const call = { index: 0, count: 1, seeds: [seed], condition: null, guidanceScale: 1 }
      await hook?.({ ...level, ...call, state: tensor, prediction: tensor })
    }
    const image = { width, height, data: new Uint8Array(3 * width * height) }
    yield { outcome: 'image', image, seed }
  },
})

describe('samplerSpace', () => {
  it('is that of pixels where a prediction has those of the picture', async () => {
    const space = await samplerSpace(generatorOf([1, 3, 4, 6], { width: 6, height: 4 }), signal)
    expect(space).toMatchObject({ dimensions: 72, vectors: { name: 'pixels 6x4' } })
  })

  it.each([
    [1, 4, 8, 8],
    [1, 3, 8, 8],
  ])('is that of latents where a prediction is %j %j %j %j', async (...shape) => {
    const space = await samplerSpace(generatorOf(shape, { width: 64, height: 64 }), signal)
    const dimensions = (shape[1] ?? 0) * 64
    expect(space).toEqual({ dimensions, vectors: null, shield: null })
  })

  it('is not found where nothing is shown', async () => {
    const finding = samplerSpace(generatorOf(null, { width: 4, height: 4 }), signal)
    await expect(finding).rejects.toMatchObject({ code: 'CONFORMANCE_FAILED' })
  })
})
