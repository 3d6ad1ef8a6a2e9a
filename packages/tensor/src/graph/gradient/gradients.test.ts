import type { Engine } from '@assay/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import { compareGradients, relativeError } from '../__fixtures__/check-gradient.js'
import { gradientCases } from '../__fixtures__/gradient-cases.js'

describe('gradients', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  it.each(Object.entries(gradientCases))('agree with central differences: %s', async (_, cases) => {
    const property = fc.asyncProperty(
      cases,
      fc.boolean(),
      fc.nat(),
      async (base, symbolic, seed) => {
        const { tensors, float64, float32, differences } = await compareGradients(
          engine,
          { ...base, symbolic },
          seed,
        )
        tensors.forEach(({ dims }, at) => {
          expect(float64[at]?.dims).toEqual(dims)
          expect(relativeError(float64[at]!.data, differences[at]!)).toBeLessThan(1e-6)
          expect(relativeError(float32[at]!.data, float64[at]!.data)).toBeLessThan(1e-5)
        })
      },
    )
    await fc.assert(property, { seed: 3, numRuns: 12 })
  })
})
