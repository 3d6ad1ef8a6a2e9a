import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibrationLoss } from './calibration-loss.js'

/** One query with two exemplars, one with one, whose losses another implementation computed. */
const pair = { exemplars: [0.9, 0.7], others: [0.6, 0.3, 0.1] }
const single = { exemplars: [0.4], others: [0.55, 0.2, 0.15, 0.05] }

describe('calibrationLoss', () => {
  it.each([
    [1, 0, 1.3691113381, 1.4960572923, 1.4325843152, -0.1492983599, 0.0002170964],
    [10, -0.05, 1.2976660491, 1.8714649143, 1.5845654817, 0.143809441, -0.0039095425684],
  ])(
    'has the values of the reference at t = %d, b = %d',
    (t, b, first, second, mean, byT, byBeta) => {
      expect(calibrationLoss([pair], t, b).value).toBeCloseTo(first, 9)
      expect(calibrationLoss([single], t, b).value).toBeCloseTo(second, 9)
      const { value, gradient } = calibrationLoss([pair, single], t, b)
      expect(value).toBeCloseTo(mean, 9)
      expect(gradient[0]).toBeCloseTo(byT, 9)
      // The reference learns b as 0.001 beta.
      expect(gradient[1] * 0.001).toBeCloseTo(byBeta, 9)
    },
  )
  it('has derivatives equal to central differences', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true })
    const query = fc.record({
      exemplars: fc.array(score, { minLength: 1, maxLength: 4 }),
      others: fc.array(score, { maxLength: 8 }),
    })
    const t = fc.double({ min: 0.5, max: 60, noNaN: true })
    const b = fc.double({ min: -0.5, max: 0.1, noNaN: true })
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 3 }), t, b, (queries, t, b) => {
        const at = (t: number, b: number) => calibrationLoss(queries, t, b)
        const { gradient, curvature } = at(t, b)
        const [stepT, stepB] = [1e-5 * t, 1e-6]
        const [aboveT, belowT] = [at(t + stepT, b), at(t - stepT, b)]
        const [aboveB, belowB] = [at(t, b + stepB), at(t, b - stepB)]
        const slope = (above: number, below: number, step: number) => (above - below) / (2 * step)
        const close = (actual: number, expected: number, scale: number) =>
          expect(Math.abs(actual - expected)).toBeLessThan(1e-6 * Math.max(scale, Math.abs(actual)))
        // The loss is some 10 at most: its differences are rounded to 1e-15 over the step.
        close(gradient[0], slope(aboveT.value, belowT.value, stepT), 1e-2)
        close(gradient[1], slope(aboveB.value, belowB.value, stepB), 1e-1)
        close(curvature[0], slope(aboveT.gradient[0], belowT.gradient[0], stepT), 1e-2)
        close(curvature[1], slope(aboveT.gradient[1], belowT.gradient[1], stepT), 1e-1)
        close(curvature[1], slope(aboveB.gradient[0], belowB.gradient[0], stepB), 1e-1)
        close(curvature[2], slope(aboveB.gradient[1], belowB.gradient[1], stepB), 10)
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})
