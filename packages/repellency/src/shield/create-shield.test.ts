import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { type DrawOptions, mixtureDenoiser } from '../__fixtures__/gaussian-mixture.js'
import {
  draw as drawMixture,
  drawShielded,
  isInside,
  means,
  nearestMean,
  share,
} from '../__fixtures__/protected-mixture.js'
import { distanceBelow, referencesInMemory } from '../references/references-in-memory.js'
import { createShield } from './create-shield.js'
import type { ShieldOptions } from './shield.js'

const seeds = Array.from({ length: 400 }, (_, seed) => seed)

const draw = (options: Partial<DrawOptions> = {}) => drawMixture({ seeds, ...options })

const shielded = async (options: Partial<ShieldOptions>, drawing: Partial<DrawOptions> = {}) => {
  const { pictures, shield } = await drawShielded(options, { seeds, ...drawing })
  return { pictures, calls: shield.calls }
}

const insideShare = (pictures: readonly Float64Array[], radius: number) =>
  share(pictures, (picture) => isInside(picture, radius))

const base = await draw()

describe('a shield around a quarter of a mixture', () => {
  it('has a quarter of the pictures to keep out', () => {
    expect(insideShare(base, 1)).toBeGreaterThan(0.2)
    expect(insideShare(base, 1)).toBeLessThan(0.3)
  })

  const few = seeds.slice(0, 200)
  for (const sampler of ['heun', 'euler'] as const) {
    for (const overcompensation of [1, 1.6]) {
      it(`lets nothing in with ${sampler} and ${overcompensation}, at any radius`, async () => {
        for (const radius of [0.8, 1, 3]) {
          const { pictures } = await shielded({ radius, overcompensation }, { sampler, seeds: few })
          expect(insideShare(pictures, radius)).toBe(0)
        }
      }, 120_000)
    }
  }

  it('lets nothing in in strict form where shields touch', async () => {
    const { pictures } = await shielded({ radius: 6, overcompensation: 1, strict: true })
    expect(insideShare(pictures, 6)).toBe(0)
  })

  it('leaves pictures that never come near as they are, bit for bit', async () => {
    const { pictures, calls } = await shielded({})
    const untouched = share(pictures, (picture, at) =>
      picture.every((value, index) => value === base[at]![index]),
    )
    expect(untouched).toBeGreaterThan(0.7)
    expect(untouched).toBeLessThan(0.8)
    const active = calls.reduce((sum, call) => sum + call.active, 0)
    const all = calls.reduce((sum, call) => sum + call.pictures, 0)
    expect(active / all).toBeGreaterThan(0.05)
    expect(active / all).toBeLessThan(0.13)
  })

  it('does not change how often the other modes are drawn', async () => {
    const { pictures } = await shielded({})
    const counts = (of: readonly Float64Array[]) => {
      const found = new Array<number>(20).fill(0)
      of.forEach((picture, at) => {
        if (nearestMean(base[at]!) >= 5) found[nearestMean(picture)]! += 1
      })
      return found
    }
    expect(counts(pictures)).toEqual(counts(base))
  })

  it('draws the same picture in any batch', async () => {
    const { pictures } = await shielded({ strict: true })
    const few = [3, 200, 398]
    const { pictures: again } = await shielded({ strict: true }, { seeds: few })
    expect(again).toEqual(few.map((seed) => pictures[seed]))
  })

  it('holds with few steps', async () => {
    for (const steps of [4, 8]) {
      const { pictures } = await shielded({}, { steps, sampler: 'euler' })
      expect(insideShare(pictures, 1)).toBe(0)
    }
  })

  it('leaks where it stops early, as many as without it where it stops at once', async () => {
    const early = await shielded({ overcompensation: 1, window: [0, 0.3] })
    expect(insideShare(early.pictures, 1)).toBeGreaterThan(0.1)
    const last = await shielded({ overcompensation: 1, window: [1, 1] })
    expect(insideShare(last.pictures, 1)).toBe(0)
  })
})

describe('a perfect memoriser', () => {
  const { normal } = createRandom('memoriser')
  const points = Array.from({ length: 100 }, () =>
    Float64Array.from({ length: 64 }, () => Math.fround(normal())),
  )
  const memory = referencesInMemory(createMatrix({ data: points.map((point) => [...point]) }))
  const spacing = Math.min(
    ...points.flatMap((one, at) =>
      points
        .slice(at + 1)
        .map((other) => Math.hypot(...one.map((value, index) => value - other[index]!))),
    ),
  )
  const radius = 0.45 * spacing
  const memorise = {
    denoise: mixtureDenoiser({ means: points, spread: 0 }),
    dimensions: 64,
    seeds: seeds.slice(0, 50),
  }
  const copies = (pictures: readonly Float64Array[], within: number) =>
    share(pictures, (picture) =>
      points.some((point) => distanceBelow(picture, point, within) !== null),
    )

  it('copies everything without a shield, and nothing with one', async () => {
    expect(copies(await draw(memorise), 1e-3)).toBe(1)
    for (const [overcompensation, strict] of [
      [1, false],
      [1.6, false],
      [1, true],
    ] as const) {
      const options = { references: memory, radius, overcompensation, strict }
      const { pictures } = await shielded(options, memorise)
      expect(copies(pictures, radius * (1 - 1e-6))).toBe(0)
    }
  })
})

describe('pictures that are kept apart', () => {
  it('end farther from each other than the radius in strict form, and farther than without in plain form', async () => {
    const one = mixtureDenoiser({ means: [means[0]!], spread: 0.3 })
    const drawing = { denoise: one, seeds: [1, 2, 3, 4] }
    const smallest = (pictures: readonly Float64Array[]) =>
      Math.min(
        ...pictures.flatMap((a, at) =>
          pictures
            .slice(at + 1)
            .map((b) => Math.hypot(...a.map((value, index) => value - b[index]!))),
        ),
      )
    const free = smallest(await draw(drawing))
    const shield = createShield({ radius: 4, apart: true })
    expect(smallest(await draw({ ...drawing, hook: shield.hook }))).toBeGreaterThan(free)
    const strict = createShield({ radius: 4, apart: true, strict: true })
    expect(smallest(await draw({ ...drawing, hook: strict.hook }))).toBeGreaterThanOrEqual(
      4 * (1 - 1e-6),
    )
  })
})

describe('pictures that are kept apart in a box', () => {
  it('keep away from where the others will be cut to', async () => {
    const shield = createShield({
      ...{ radius: 0.3, overcompensation: 1, strict: true, apart: true, box: [-1, 1] },
      references: referencesInMemory(createMatrix({ data: [[0.6]] })),
    })
    const values = Float32Array.of(1.5, 0.7)
    const tensor = { type: 'float32' as const, dims: [2, 1], data: values }
    const adjustment = await shield.hook({
      ...{ index: 0, count: 1, timestep: 1, signalCoefficient: 0, noiseCoefficient: 1 },
      ...{ seeds: [1, 2], condition: null, guidanceScale: 1, state: tensor, prediction: tensor },
    })
    const moved = adjustment?.prediction?.data as Float32Array
    const [one, other] = moved.map((value) => Math.min(1, Math.max(-1, value)))
    expect(Math.abs(one! - other!)).toBeGreaterThanOrEqual(0.3)
  })
})

describe('refusals', () => {
  it.each([
    { radius: 0 },
    { radius: Number.NaN },
    { radius: 1, overcompensation: 0.5 },
    { radius: 1, window: [0.5, 0.2] as const },
  ])('%j', (options) => {
    expect(() => createShield(options)).toThrow('cannot be')
  })

  it('references of another space', async () => {
    const other = referencesInMemory(createMatrix({ data: [[1, 2, 3]] }))
    await expect(shielded({ references: other })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' })
  })

  it('predictions and states whose numbers are not read as they lie in memory, as those of float16', async () => {
    const shield = createShield({
      references: referencesInMemory(createMatrix({ data: [[1, 1]] })),
      radius: 1,
    })
    const half = { type: 'float16' as const, dims: [1, 2], data: new Uint16Array(2).fill(0x3c00) }
    const whole = { type: 'float32' as const, dims: [1, 2], data: new Float32Array(2).fill(1) }
    const call = {
      ...{ index: 0, count: 1, timestep: 1, signalCoefficient: 0, noiseCoefficient: 1 },
      ...{ seeds: [1], condition: null, guidanceScale: 1 },
    }
    for (const tensors of [
      { prediction: half, state: half },
      { prediction: whole, state: half },
    ]) {
      await expect(async () => shield.hook({ ...call, ...tensors })).rejects.toMatchObject({
        code: 'SHAPE_MISMATCH',
        value: 'float16',
      })
    }
  })
})
