import { createRandom, type DenoisingAdjustment } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawBatch, mixtureDenoiser } from '../__fixtures__/gaussian-mixture.js'
import { denoisingStep, rowsOf } from './__fixtures__/denoising-step.js'
import oracle from './baselines.oracle.json' with { type: 'json' }
import { particleGuidance } from './particle-guidance.js'

const valuesOf = (adjustment: DenoisingAdjustment | undefined): readonly number[] =>
  adjustment?.prediction === undefined ? [] : [...(adjustment.prediction.data as Float32Array)]

describe('Particle Guidance', () => {
  it.each(oracle.particles)('moves predictions as numpy does, at noise $noise', async (each) => {
    const step = denoisingStep({
      ...{ signalCoefficient: each.signal, noiseCoefficient: each.noise },
      seeds: each.states.map((_, seed) => seed),
      ...{ state: rowsOf(each.states), prediction: rowsOf(each.prediction) },
    })
    const values = valuesOf(await particleGuidance({ coefficient: each.coefficient })(step))
    const expected = each.expected.flat()
    const largest = Math.max(...expected.map(Math.abs))
    values.forEach((value, at) => {
      expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-6 * largest)
    })
  })

  it('has a coefficient that means the same in every scale of the states', async () => {
    const [signal, noise] = [0.25, 0.75]
    const hook = particleGuidance({ coefficient: 3 })
    const states = [
      [1, 2, 3],
      [-1, 0.5, 2],
      [0, 0, 1],
    ]
    const common = { seeds: [1, 2, 3], prediction: rowsOf(states.map(() => [0, 0, 0])) }
    const mixed = await hook(
      denoisingStep({
        ...{ ...common, state: rowsOf(states) },
        ...{ signalCoefficient: signal, noiseCoefficient: noise },
      }),
    )
    const exploding = await hook(
      denoisingStep({
        ...{ ...common, state: rowsOf(states.map((row) => row.map((value) => value / signal))) },
        ...{ signalCoefficient: 1, noiseCoefficient: noise / signal },
      }),
    )
    const other = valuesOf(exploding)
    for (const [at, value] of valuesOf(mixed).entries()) expect(value).toBeCloseTo(other[at]!, 5)
  })

  it('is the force on the score along which an Euler step goes', async () => {
    const [coefficient, sigma, next] = [2, 4, 3]
    const apart = 1.5
    const step = denoisingStep({
      ...{ signalCoefficient: 1, noiseCoefficient: sigma },
      ...{ state: rowsOf([[apart], [0]]), prediction: rowsOf([[0], [0]]) },
    })
    const [change = 0] = valuesOf(await particleGuidance({ coefficient })(step))
    // The kernel of two states at their median distance m is 1 / n, and h is m² / ln n.
    const force = (2 / 2) * apart * (Math.log(2) / apart ** 2)
    // dx = -sigma score dsigma, and by the prediction: dx = (x - x0) / sigma dsigma.
    expect((-change / sigma) * (next - sigma)).toBeCloseTo(
      -sigma * coefficient * force * (next - sigma),
      5,
    )
  })

  it('pushes states apart without moving their mean', async () => {
    const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 })
    const anyStates = fc.array(row, { minLength: 2, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(anyStates, async (states) => {
        const hook = particleGuidance({ coefficient: 1 })
        const adjustment = await hook(
          denoisingStep({
            ...{ seeds: states.map((_, seed) => seed), state: rowsOf(states) },
            prediction: rowsOf(states.map(() => [0, 0, 0, 0])),
          }),
        )
        if (adjustment === undefined) return
        const values = valuesOf(adjustment)
        const size = Math.max(...values.map(Math.abs))
        for (let at = 0; at < 4; at += 1) {
          const sum = states.reduce((total, _, other) => total + values[4 * other + at]!, 0)
          expect(Math.abs(sum)).toBeLessThanOrEqual(1e-5 * size)
        }
      }),
      { seed: 7, numRuns: 100 },
    )
  })

  it('acts only above its level of noise, and never at pure noise', async () => {
    const changes = async (signalCoefficient: number, noiseCoefficient: number, above?: number) =>
      (await particleGuidance({ coefficient: 1, ...(above !== undefined && { above }) })(
        denoisingStep({ signalCoefficient, noiseCoefficient }),
      )) !== undefined
    expect(await changes(0.5, 0.5)).toBe(false)
    expect(await changes(0.49, 0.51)).toBe(true)
    expect(await changes(0.49, 0.51, 2)).toBe(false)
    expect(await changes(0.99, 0.01, 0)).toBe(true)
    expect(await changes(0, 1)).toBe(false)
  })

  it('leaves a picture alone, and pictures that are all the same', async () => {
    const hook = particleGuidance({ coefficient: 1 })
    const alone = { seeds: [1], state: rowsOf([[1, 2]]), prediction: rowsOf([[1, 2]]) }
    expect(await hook(denoisingStep(alone))).toBeUndefined()
    const same = {
      state: rowsOf([
        [1, 2],
        [1, 2],
      ]),
    }
    expect(await hook(denoisingStep(same))).toBeUndefined()
  })

  it('spreads what a sampler draws', async () => {
    const dimensions = 8
    const random = createRandom('particles')
    const means = Array.from({ length: 6 }, () =>
      Float64Array.from({ length: dimensions }, () => 3 * random.normal()),
    )
    const seeds = [1, 2, 3, 4, 5, 6]
    const denoise = mixtureDenoiser({ means, spread: 1 })
    const spread = async (coefficient: number | null) => {
      const hook = coefficient === null ? {} : { hook: particleGuidance({ coefficient }) }
      const pictures = await drawBatch({ denoise, dimensions, seeds, random, ...hook })
      return pictures
        .flatMap((one, at) => pictures.slice(at + 1).map((other) => distance(one, other)))
        .reduce((sum, each) => sum + each, 0)
    }
    const base = await spread(null)
    expect(await spread(1)).toBeGreaterThan(1.01 * base)
    expect(await spread(4)).toBeGreaterThan(await spread(1))
  })

  it('refuses tensors whose numbers do not lie in memory as they are', () => {
    const data = new Uint16Array(6)
    const half = { type: 'float16' as const, dims: [2, 3], data }
    const hook = particleGuidance({ coefficient: 1 })
    for (const changed of [{ state: half }, { prediction: half }]) {
      expect(() => hook(denoisingStep(changed))).toThrow(
        expect.objectContaining({ code: 'SHAPE_MISMATCH', value: 'float16' }),
      )
    }
  })

  it.each([
    { coefficient: 0 },
    { coefficient: Number.NaN },
    { coefficient: Number.POSITIVE_INFINITY },
    { coefficient: 1, above: -1 },
    { coefficient: 1, above: Number.NaN },
  ])('refuses %j', (options) => {
    expect(() => particleGuidance(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

const distance = (one: Float64Array, other: Float64Array) =>
  Math.hypot(...one.map((value, at) => value - other[at]!))
