import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { predictionOfStep, stepCoefficients } from './correct-step.js'

const signal = {
  'variance-exploding': () => 1,
  'variance-preserving': (sigma: number) => Math.sqrt(1 - sigma ** 2),
  'rectified-flow': (sigma: number) => 1 - sigma,
} as const

const kinds = fc.constantFrom(...(Object.keys(signal) as (keyof typeof signal)[]))
const value = fc.double({ min: -3, max: 3, noNaN: true })

describe('a first-order deterministic step', () => {
  it('tells the prediction that it went by, in every parametrisation', () => {
    fc.assert(
      fc.property(
        kinds,
        fc.double({ min: 0.05, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        value,
        value,
        (kind, sigma, share, clean, noise) => {
          const next = share * sigma
          const state = (level: number) => signal[kind](level) * clean + level * noise
          const [before, after] = [[state(sigma)], [state(next)]].map((v) => Float64Array.from(v))
          const coefficients = stepCoefficients({ sigma, next }, kind)
          const [found] = predictionOfStep(before!, after!, coefficients)
          expect(found).toBeCloseTo(clean, 9)
        },
      ),
      { seed: 1, numRuns: 500 },
    )
  })

  it.each([
    ['levels that rise', { sigma: 1, next: 2 }, 'variance-exploding'],
    ['levels that stay', { sigma: 1, next: 1 }, 'variance-exploding'],
    ['levels that hardly differ', { sigma: 1, next: 1 - 1e-9 }, 'variance-exploding'],
    ['a level below 0', { sigma: 1, next: -1 }, 'variance-exploding'],
    ['a level that is no number', { sigma: Number.NaN, next: 0 }, 'variance-exploding'],
    ['no end of noise', { sigma: Number.POSITIVE_INFINITY, next: 1 }, 'variance-exploding'],
    ['more than noise', { sigma: 1.5, next: 1 }, 'rectified-flow'],
  ] as const)('refuses %s', (_, levels, kind) => {
    expect(() => stepCoefficients(levels, kind)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
