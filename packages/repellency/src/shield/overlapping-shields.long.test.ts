import { createMatrix, createRandom } from '@assay/core'
import { expect, it } from 'vitest'
import { drawBatch, mixtureDenoiser } from '../__fixtures__/gaussian-mixture.js'
import { tell } from '../__fixtures__/tell.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import { createShield } from './create-shield.js'

// 200 protected points in 8 dimensions, and a generator that draws around each of them: every place that it
// knows lies in several shields.
const random = createRandom('overlapping shields')
const dimensions = 8
const radius = 1.6
const data = Float32Array.from({ length: 200 * dimensions }, random.normal)
const references = referencesInMemory(createMatrix({ data, columns: dimensions }))
const means = Array.from({ length: 200 }, (_, row) =>
  Float64Array.from(data.subarray(row * dimensions, (row + 1) * dimensions)),
)
const denoise = mixtureDenoiser({ means, spread: 0.25 })

async function insideShare(options: { overcompensation: number; strict: boolean } | null) {
  let inside = 0
  for (let batch = 0; batch < 20; batch += 1) {
    const seeds = Array.from({ length: 1000 }, (_, row) => 1000 * batch + row)
    const hook = options && createShield({ references, radius, ...options }).hook
    const drawing = { denoise, dimensions, seeds, random, sampler: 'euler' } as const
    const pictures = await drawBatch({ ...drawing, ...(hook && { hook }) })
    const found = await references.within(pictures, { radius: radius * (1 - 1e-6) })
    inside += found.filter((near) => near.length > 0).length
  }
  return inside / 20_000
}

it('B12: of 20,000 pictures among 200 overlapping shields none is inside in strict form', async () => {
  const plain = {
    none: await insideShare(null),
    one: await insideShare({ overcompensation: 1, strict: false }),
    over: await insideShare({ overcompensation: 1.6, strict: false }),
  }
  for (const [form, share] of Object.entries(plain)) tell(`B12 plain, ${form}`, share)
  expect(plain.none).toBeGreaterThan(0.999)
  // The sum of pushes cancels where shields overlap: the notes have .428 and .068 of their own draw.
  expect(Math.abs(plain.one - 0.43)).toBeLessThan(0.1)
  expect(Math.abs(plain.over - 0.07)).toBeLessThan(0.04)
  for (const overcompensation of [1, 1.6]) {
    expect(await insideShare({ overcompensation, strict: true })).toBe(0)
  }
})
