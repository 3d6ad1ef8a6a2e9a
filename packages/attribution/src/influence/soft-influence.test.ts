import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { influenceThreshold } from './influence-threshold.js'
import { softInfluence } from './soft-influence.js'

const calibration = (inverseTemperature: number, bias: number) => ({ inverseTemperature, bias })

const scoreLists = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: 1,
  maxLength: 30,
})
const calibrations = fc.record({
  inverseTemperature: fc.double({ min: 0.1, max: 100, noNaN: true }),
  bias: fc.double({ min: -0.9, max: 0.5, noNaN: true }),
})
const runs = { seed: 17, numRuns: 500 }

function expectClose(one: Float64Array, other: ArrayLike<number>, tolerance: number): void {
  expect(one).toHaveLength(other.length)
  one.forEach((value, at) => {
    expect(Math.abs(value - other[at]!)).toBeLessThanOrEqual(tolerance)
  })
}

describe('softInfluence', () => {
  it.each([
    [1, 0, [0.2907296032, 0.2630630235, 0.194881881, 0.1443720483, 0.106953444]],
    [10, -0.05, [0.7492825967, 0.2507174033, 0, 0, 0]],
    [25, -0.2, [1, 0, 0, 0, 0]],
    [10, 0.03, [0.6700702061, 0.2588419021, 0.0314319127, 0.020109836, 0.019546143]],
  ])('has the values of the reference at t = %d, b = %d', (t, b, expected) => {
    const influence = softInfluence([0.9, 0.8, 0.5, 0.2, -0.1], calibration(t, b))
    expectClose(influence, expected, 1e-9)
  })

  it('sums to 1, follows the scores, and does not care for a shift or the order', () => {
    fc.assert(
      fc.property(
        scoreLists,
        calibrations,
        fc.double({ min: -1, max: 1, noNaN: true }),
        (scores, fit, shift) => {
          const influence = softInfluence(scores, fit)
          expect(Math.abs(influence.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-12)
          scores.forEach((score, at) => {
            for (const [other, value] of scores.entries()) {
              if (score >= value) expect(influence[at]!).toBeGreaterThanOrEqual(influence[other]!)
            }
          })
          expectClose(
            softInfluence(
              scores.map((score) => score + shift),
              fit,
            ),
            influence,
            1e-12,
          )
          expectClose(softInfluence(scores.toReversed(), fit).reverse(), influence, 1e-12)
        },
      ),
      runs,
    )
  })

  it('is the softmax of t s where b is 0', () => {
    fc.assert(
      fc.property(scoreLists, fc.double({ min: 0.1, max: 100, noNaN: true }), (scores, t) => {
        const powers = scores.map((score) => Math.exp(t * score))
        const total = powers.reduce((sum, power) => sum + power, 0)
        const softmax = powers.map((power) => power / total)
        expectClose(softInfluence(scores, calibration(t, 0)), softmax, 1e-12)
      }),
      runs,
    )
  })

  it('leaves influence to exactly the items above the threshold', () => {
    fc.assert(
      fc.property(scoreLists, calibrations, (scores, fit) => {
        fc.pre(fit.bias < 0)
        const influence = softInfluence(scores, fit)
        const best = Math.max(...scores)
        const threshold = influenceThreshold(best, fit)
        scores.forEach((score, at) => {
          const isAbove = fit.inverseTemperature * (best - score) < -Math.log(-fit.bias)
          expect(influence[at]! > 0).toBe(isAbove)
          // The two forms of the same line may round differently on it.
          if (Math.abs(score - threshold) > 1e-12) expect(score > threshold).toBe(isAbove)
        })
      }),
      runs,
    )
  })

  it('does not change by a bit for a million items below the threshold', () => {
    const fit = calibration(12, -0.03)
    const scores = [0.7, 0.9, 0.85, 0.71, 0.62]
    const threshold = influenceThreshold(0.9, fit)
    const many = new Float64Array(1_000_000 + scores.length)
    many.fill(threshold - 1e-9)
    many.set(scores, 400_000)
    const influence = softInfluence(many, fit)
    expect(influence.subarray(400_000, 400_005)).toEqual(softInfluence(scores, fit))
    expect(influence.filter((value) => value > 0)).toHaveLength(
      scores.filter((score) => score > threshold).length,
    )
  })

  it('is uniform among equals, and 1 for a single item', () => {
    expect([...softInfluence([0.3, 0.3, 0.3, 0.3], calibration(40, -0.4))]).toEqual([
      0.25, 0.25, 0.25, 0.25,
    ])
    expect([...softInfluence([-0.9], calibration(1, 0.1))]).toEqual([1])
  })

  it('stays finite for the sharpest calibration and the flattest', () => {
    expect([...softInfluence([1, -1], calibration(1e308, -0.5))]).toEqual([1, 0])
    expect([...softInfluence([1, -1], calibration(Number.MIN_VALUE, -0.999))]).toEqual([0.5, 0.5])
  })

  it.each([
    [10, -1],
    [0.78, -3.74],
    [10, Number.NaN],
    [10, Number.POSITIVE_INFINITY],
    [0, -0.1],
    [-1, -0.1],
    [Number.NaN, -0.1],
    [Number.POSITIVE_INFINITY, -0.1],
  ])('refuses t = %d, b = %d', (t, b) => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => softInfluence([0.5], calibration(t, b))).toThrow(refused)
    expect(() => influenceThreshold(0.5, calibration(t, b))).toThrow(refused)
  })

  it('names the score that is not finite', () => {
    const fit = calibration(10, -0.1)
    expect(() => softInfluence([0.5, Number.NaN], fit, ['a', 'b'])).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', location: { row: 1, id: 'b' } }),
    )
    expect(() => softInfluence([Number.NEGATIVE_INFINITY], fit)).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', location: { row: 0, id: '0' } }),
    )
    expect(() => softInfluence([], fit)).toThrow(expect.objectContaining({ code: 'EMPTY_INPUT' }))
  })
})

describe('influenceThreshold', () => {
  it('is relative to the best score, and none where b is not below 0', () => {
    expect(influenceThreshold(0.9, calibration(10, -0.05))).toBeCloseTo(0.9 - Math.log(20) / 10, 12)
    expect(influenceThreshold(0.9, calibration(10, 0))).toBe(Number.NEGATIVE_INFINITY)
    expect(influenceThreshold(0.9, calibration(10, 0.02))).toBe(Number.NEGATIVE_INFINITY)
  })
})
