import { createMatrix, createRandom } from '@assay/core'
import { expect, it } from 'vitest'
import { type DrawOptions, drawBatch, mixtureDenoiser } from '../__fixtures__/gaussian-mixture.js'
import { tell } from '../__fixtures__/tell.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import { createShield } from './create-shield.js'

// A generator that knows a thousand points by heart and draws nothing else.
const random = createRandom('a thousand points')
const dimensions = 64
const points = Array.from({ length: 1000 }, () =>
  Float64Array.from({ length: dimensions }, () => Math.fround(random.normal())),
)
const references = referencesInMemory(createMatrix({ data: points.map((point) => [...point]) }))
const seeds = Array.from({ length: 1000 }, (_, seed) => seed)
const drawing = {
  dimensions,
  seeds,
  random,
  denoise: mixtureDenoiser({ means: points, spread: 0 }),
}

const shareWithin = async (pictures: readonly Float64Array[], radius: number) => {
  const found = await references.within(pictures, { radius })
  return found.filter((near) => near.length > 0).length / pictures.length
}

async function closestPair(): Promise<number> {
  const found = await references.within(points, { radius: 10 })
  return Math.min(...found.flatMap((near) => near.map(({ distance }) => distance || 10)))
}

it('B11: a perfect memoriser copies everything without a shield and nothing with one', async () => {
  const radius = 0.45 * (await closestPair())
  expect(await shareWithin(await drawBatch(drawing), 1e-3)).toBe(1)
  for (const overcompensation of [1, 1.6]) {
    for (const strict of [false, true]) {
      const { hook } = createShield({ references, radius, overcompensation, strict })
      const pictures = await drawBatch({ ...drawing, hook })
      const name = `λ ${overcompensation}, ${strict ? 'strict' : 'plain'}`
      tell(`B11 within 1.7 r, ${name}`, await shareWithin(pictures, 1.7 * radius))
      expect(await shareWithin(pictures, radius * (1 - 1e-6))).toBe(0)
    }
  }
})

it.each([0.05, 0.3])('B11: nor one that is blurred by %d', async (spread) => {
  const radius = 0.45 * (await closestPair())
  const blurred: DrawOptions = { ...drawing, denoise: mixtureDenoiser({ means: points, spread }) }
  for (const overcompensation of [1, 1.6]) {
    const { hook } = createShield({ references, radius, overcompensation })
    const pictures = await drawBatch({ ...blurred, hook })
    expect(await shareWithin(pictures, radius * (1 - 1e-6))).toBe(0)
  }
})
