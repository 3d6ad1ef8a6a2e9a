import type { DenoisingHook } from '@assay/core'
import { decodeFloat16, encodeFloat16 } from '@assay/core/formats'
import { euclideanDistance } from '@assay/core/linear-algebra'
import { describe, expect, it } from 'vitest'
import type { DrawOptions } from '../__fixtures__/gaussian-mixture.js'
import {
  denoise,
  draw,
  drawShielded,
  isInside,
  nearestMean,
  protectedMeans,
  references,
  share,
} from '../__fixtures__/protected-mixture.js'
import { tell } from '../__fixtures__/tell.js'
import { createShield } from './create-shield.js'
import type { ShieldOptions } from './shield.js'

/** 20,000 pictures, drawn a thousand at a time; a picture is the same in any batch. */
const batches = Array.from({ length: 20 }, (_, batch) =>
  Array.from({ length: 1000 }, (_, row) => 1000 * batch + row),
)

async function drawAll(drawing: Partial<DrawOptions> = {}) {
  const pictures: Float64Array[] = []
  for (const seeds of batches) pictures.push(...(await draw({ ...drawing, seeds })))
  return pictures
}

async function shieldAll(options: Partial<ShieldOptions>, drawing: Partial<DrawOptions> = {}) {
  const pictures: Float64Array[] = []
  const [activeCalls, calls]: [number[], number[]] = [[], []]
  for (const seeds of batches) {
    const { pictures: drawn, shield } = await drawShielded(options, { ...drawing, seeds })
    pictures.push(...drawn)
    for (const picture of shield.pictures) {
      activeCalls.push(picture.activeCalls)
      calls.push(picture.calls)
    }
  }
  return { pictures, activeCalls, calls }
}

const inside = (pictures: readonly Float64Array[], radius: number) =>
  share(pictures, (picture) => isInside(picture, radius))

const isSame = (one: Float64Array, other: Float64Array) =>
  one.every((value, at) => Object.is(value, other[at]))

describe('20,000 pictures of a mixture with a quarter protected', async () => {
  const base = { heun: await drawAll(), euler: await drawAll({ sampler: 'euler' }) }

  it('B1: are inside in a quarter of the cases without a shield', () => {
    for (const sampler of ['heun', 'euler'] as const) {
      tell(`B1 ${sampler}`, inside(base[sampler], 1))
      expect(Math.abs(inside(base[sampler], 1) - 0.25)).toBeLessThan(0.015)
    }
  })

  for (const sampler of ['heun', 'euler'] as const) {
    for (const overcompensation of [1, 1.6]) {
      for (const radius of [0.8, 1, 3]) {
        it(`B2 to B5: none of them with ${sampler}, λ ${overcompensation}, r ${radius}`, async () => {
          const options = { radius, overcompensation }
          const { pictures, activeCalls, calls } = await shieldAll(options, { sampler })
          expect(pictures).toHaveLength(20_000)
          expect(inside(pictures, radius)).toBe(0)
          const never = pictures.filter((_, at) => activeCalls[at] === 0)
          const untouched = pictures.filter((picture, at) => isSame(picture, base[sampler][at]!))
          expect(untouched).toEqual(never)
          const active = sum(activeCalls) / sum(calls)
          const named = `${sampler} λ ${overcompensation} r ${radius}`
          tell(`B3 never active, ${named}`, never.length / 20_000)
          tell(`B5 active, ${named}`, active)
          expect(Math.abs(never.length / 20_000 - 0.749)).toBeLessThan(0.02)
          expect(active).toBeGreaterThan(0.06)
          expect(active).toBeLessThan(0.14)
          const variation = unshieldedVariation(base[sampler], pictures)
          tell(`B4 total variation, ${named}`, variation)
          expect(variation).toBeLessThan(0.001)
        })
      }
    }
  }

  it.each([0.8, 1, 3])('B2, strict: none of them with r %d', async (radius) => {
    const { pictures } = await shieldAll({ radius, strict: true })
    expect(pictures).toHaveLength(20_000)
    expect(inside(pictures, radius)).toBe(0)
  })

  it('B6: none in strict form where shields overlap', async () => {
    const closest = Math.min(
      ...protectedMeans.flatMap((one, at) =>
        protectedMeans.slice(at + 1).map((other) => euclideanDistance(one, other)),
      ),
    )
    const radius = 0.6 * closest
    const share = async (options: Partial<ShieldOptions>) =>
      inside((await shieldAll({ ...options, radius }, { sampler: 'euler' })).pictures, radius)
    const plain = await share({ overcompensation: 1 })
    tell('B6 plain, λ 1', plain)
    tell('B6 plain, λ 1.6', await share({ overcompensation: 1.6 }))
    for (const overcompensation of [1, 1.6]) {
      expect(await share({ overcompensation, strict: true })).toBe(0)
    }
    expect(plain).toBeGreaterThan(0)
  })

  it('B7: as many as without where the shield ends early, none where it acts last', async () => {
    const share = async (window: readonly [number, number], overcompensation: number) =>
      inside((await shieldAll({ window, overcompensation })).pictures, 1)
    // Heun asks 63 times; σ is above 1 at the first 19 levels and above 0.1 at the first 25.
    const early = await share([0, 36 / 62], 1)
    const later = [await share([0, 48 / 62], 1), await share([0, 48 / 62], 1.6)] as const
    tell('B7 window to σ > 1', early)
    tell('B7 window to σ > 0.1, λ 1', later[0])
    tell('B7 window to σ > 0.1, λ 1.6', later[1])
    expect(early).toBeGreaterThan(0.2)
    expect(later[0]).toBeLessThan(0.02)
    expect(later[1]).toBeLessThan(0.001)
    expect(await share([1, 1], 1)).toBe(0)
  })

  it('B9: none with few steps', async () => {
    for (const steps of [4, 8]) {
      const drawing = { steps, sampler: 'euler' } as const
      const without = inside(await drawAll(drawing), 1)
      tell(`B9 base, ${steps} steps`, without)
      // How often so few steps find each mode depends on where the modes lie.
      expect(without).toBeGreaterThan(0.1)
      expect(inside((await shieldAll({}, drawing)).pictures, 1)).toBe(0)
    }
  })

  it('B10: none where everything is rounded to float16', async () => {
    const rounded = (values: Float64Array) =>
      Float64Array.from(decodeFloat16(encodeFloat16(values)))
    for (const overcompensation of [1, 1.6]) {
      const { hook } = createShield({ references, radius: 1, overcompensation })
      const roundedHook: DenoisingHook = async (step) => {
        const adjustment = await hook(step)
        if (!adjustment?.prediction) return adjustment
        const data = rounded(adjustment.prediction.data as Float64Array)
        return { prediction: { type: 'float64', dims: step.prediction.dims, data } }
      }
      const drawing = {
        denoise: (state: Float64Array, sigma: number) => rounded(denoise(rounded(state), sigma)),
        hook: roundedHook,
      }
      expect(inside(await drawAll(drawing), 1)).toBe(0)
    }
  })
})

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Total variation between how often the modes that are not protected are drawn, of pictures that end at one. */
function unshieldedVariation(one: readonly Float64Array[], other: readonly Float64Array[]): number {
  const counts = (pictures: readonly Float64Array[]) => {
    const found = new Array<number>(20).fill(0)
    pictures.forEach((picture, at) => {
      if (nearestMean(one[at]!) >= 5) found[nearestMean(picture)]! += 1
    })
    return found
  }
  const [before, after] = [counts(one), counts(other)]
  const total = sum(before)
  return sum(before.map((count, mode) => Math.abs(count - after[mode]!) / total)) / 2
}
