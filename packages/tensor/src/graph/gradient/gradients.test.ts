import type { Engine } from '@assay/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.js'
import {
  compareGradients,
  type GradientCase,
  relativeError,
} from '../__fixtures__/check-gradient.js'
import { gradientCases } from '../__fixtures__/gradient-cases.js'
import { add, mul } from '../operations/arithmetic.js'
import { reduceSum } from '../operations/reductions.js'
import { gradients } from './gradients.js'

/** The squared length of the gradient of the sum of cubes of a computation's results. */
function steepnessOf(build: GradientCase['build']): GradientCase['build'] {
  return (values, graph) => {
    const result = build(values, graph)
    const loss = reduceSum(mul(mul(result, result), result))
    return gradients({ loss, parameters: values })
      .map((gradient) => reduceSum(mul(gradient, gradient)))
      .reduce((sum, square) => add(sum, square))
  }
}

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

  it.each(Object.entries(gradientCases))('have gradients themselves: %s', async (_, cases) => {
    const property = fc.asyncProperty(
      cases,
      fc.boolean(),
      fc.nat(),
      async (base, symbolic, seed) => {
        const steepness = { ...base, symbolic, build: steepnessOf(base.build) }
        const { float64, differences } = await compareGradients(engine, steepness, seed)
        differences.forEach((expected, at) => {
          expect(relativeError(float64[at]!.data, expected)).toBeLessThan(1e-6)
        })
      },
    )
    await fc.assert(property, { seed: 4, numRuns: 6 })
  })
})
