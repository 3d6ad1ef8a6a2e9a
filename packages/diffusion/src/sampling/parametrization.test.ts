import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { cleanPrediction } from './clean-prediction.js'
import { modelCoefficients } from './model-coefficients.js'
import { modelInput } from './model-input.js'
import type { Parametrization } from './parametrization.js'

const { normal, uniform } = createRandom('parametrization')

/** What a perfect model of a parametrisation says, in the words of its paper. */
const perfectOutput = {
  epsilon: ({ noise }) => noise,
  v_prediction: ({ a, s, clean, noise }) => (a * noise - s * clean) / Math.hypot(a, s),
  sample: ({ clean }) => clean,
  flow_prediction: ({ clean, noise }) => noise - clean,
} satisfies Record<string, (at: { a: number; s: number; clean: number; noise: number }) => number>

const kinds = Object.keys(perfectOutput) as (keyof typeof perfectOutput)[]
const levels = (['unit', 'sigma', 'flow', 'free'] as const).map((scale) => {
  const [a, s] = {
    unit: [0.6, 0.8] as const,
    sigma: [1, 7.25] as const,
    flow: [0.375, 0.625] as const,
    free: [uniform() + 0.1, 3 * uniform() + 0.1] as const,
  }[scale]
  return { scale, a, s }
})

describe('modelCoefficients', () => {
  it.each(kinds.flatMap((type) => levels.map((level) => ({ type, ...level }))))(
    'gives the picture back from what a $type model says of a $scale state',
    ({ type, a, s }) => {
      const coefficients = modelCoefficients(
        { type },
        { signalCoefficient: a, noiseCoefficient: s },
      )
      for (let draw = 0; draw < 20; draw++) {
        const [clean, noise] = [normal(), normal()]
        const output = perfectOutput[type]({ a, s, clean, noise })
        const state = a * clean + s * noise
        expect(coefficients.state * state + coefficients.output * output).toBeCloseTo(clean, 12)
      }
    },
  )

  it('preconditions as EDM says in its table 1, sigma and data deviation being 1 and 0.5', () => {
    const edm: Parametrization = { type: 'edm', dataDeviation: 0.5 }
    const one = modelCoefficients(edm, { signalCoefficient: 1, noiseCoefficient: 1 })
    expect(one.state).toBeCloseTo(0.2, 15)
    expect(one.output).toBeCloseTo(0.5 / Math.sqrt(1.25), 15)
    expect(one.input).toBeCloseTo(1 / Math.sqrt(1.25), 15)
    // The same state in unit scale: x / sqrt(2).
    const half = Math.SQRT1_2
    const unit = modelCoefficients(edm, { signalCoefficient: half, noiseCoefficient: half })
    expect(unit.state * half).toBeCloseTo(one.state, 15)
    expect(unit.output).toBeCloseTo(one.output, 15)
    expect(unit.input * half).toBeCloseTo(one.input, 15)
  })

  it('feeds models states in the scale of their training', () => {
    const level = { signalCoefficient: 1, noiseCoefficient: 3 }
    for (const type of ['epsilon', 'v_prediction', 'sample'] as const) {
      expect(modelCoefficients({ type }, level).input).toBeCloseTo(1 / Math.sqrt(10), 15)
    }
    expect(modelCoefficients({ type: 'flow_prediction' }, level).input).toBe(0.25)
  })
})

it('feeds a copy of the state, and reads the output in float32', () => {
  const coefficients = { input: 0.5, state: 2, output: -3 }
  const state = Float32Array.of(1, 2, 3)
  const input = modelInput(coefficients, state)
  expect(input).toEqual(Float32Array.of(0.5, 1, 1.5))
  expect(modelInput(coefficients, state, 2)).toEqual(Float32Array.of(0.5, 1, 1.5, 0.5, 1, 1.5))
  expect(modelInput({ ...coefficients, input: 1 }, state, 2)).toEqual(
    Float32Array.of(1, 2, 3, 1, 2, 3),
  )
  expect(state).toEqual(Float32Array.of(1, 2, 3))
  const clean = cleanPrediction({ coefficients, state, output: Float32Array.of(1, 0, 2) })
  expect(clean).toEqual(Float32Array.of(-1, 4, 0))
  const own = Float32Array.of(1, 0, 2)
  expect(cleanPrediction({ coefficients, state, output: own, clean: own })).toBe(own)
  expect(own).toEqual(clean)
})
