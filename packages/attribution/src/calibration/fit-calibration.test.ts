import { mulberry32 } from '@assay/core/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestScore, type CalibrationScores } from './calibration-scores.js'
import { fitCalibration } from './fit-calibration.js'
import { softplusSurrogate } from './softplus-surrogate.js'

/** Queries of 50 scores whose exemplar is drawn with the probabilities of a calibration (t, b). */
function plantedQueries(t: number, b: number, count = 20_000): CalibrationScores[] {
  const { normal } = mulberry32(7)
  const { uniform } = mulberry32(8)
  return Array.from({ length: count }, () => {
    const scores = Array.from({ length: 50 }, () => Math.tanh(0.5 * normal()))
    const best = bestScore({ exemplars: scores, others: [] })
    const weights = scores.map((score) => softplusSurrogate(Math.exp(t * (score - best)) + b))
    const drawn = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
    let sum = 0
    const exemplar = weights.findIndex((weight) => {
      sum += weight
      return sum >= drawn
    })
    return { exemplars: [scores[exemplar]!], others: scores.filter((_, at) => at !== exemplar) }
  })
}

describe('fitCalibration', () => {
  // What L-BFGS of another implementation found on the same numbers.
  it.each([
    [12, -0.02, 12.096, -0.0198],
    [6, -0.1, 6.064, -0.0954],
    [10, -0.05, 10.078, -0.0492],
    [20, 0, 19.82, -0.0007],
  ])('recovers t = %d, b = %d from 20,000 queries', (t, b, foundT, foundB) => {
    const { inverseTemperature, bias, fittedOn } = fitCalibration({ queries: plantedQueries(t, b) })
    expect(Math.abs(inverseTemperature / t - 1)).toBeLessThan(0.03)
    expect(Math.abs(bias - b)).toBeLessThan(0.01)
    expect(Math.abs(inverseTemperature - foundT)).toBeLessThan(0.006)
    expect(Math.abs(bias - foundB)).toBeLessThan(0.0001)
    expect(fittedOn).toMatchObject({
      queries: 20_000,
      candidates: 50,
      converged: true,
      atBounds: [],
    })
  })

  const planted = plantedQueries(10, -0.05, 500)

  it('finds the same wherever it starts near', () => {
    const { inverseTemperature, bias } = fitCalibration({ queries: planted })
    for (const [t, b] of [
      [5, -0.1],
      [12, 0.02],
      [40, -0.02],
    ] as const) {
      const again = fitCalibration({
        queries: planted,
        inverseTemperature: { start: t },
        bias: { start: b },
      })
      expect(again.inverseTemperature).toBeCloseTo(inverseTemperature, 3)
      expect(again.bias).toBeCloseTo(bias, 5)
    }
  })

  it('tells at which bound it ended', () => {
    const narrow = fitCalibration({ queries: planted, bias: { low: -0.01, high: 0.1 } })
    expect(narrow.bias).toBe(-0.01)
    expect(narrow.fittedOn).toMatchObject({ converged: true, atBounds: ['bias'] })
    const perfect = Array.from({ length: 20 }, () => ({ exemplars: [0.9], others: [0.1, 0.2] }))
    const sharp = fitCalibration({
      queries: perfect,
      inverseTemperature: { high: 25 },
      bias: { low: -0.001, high: 0.1 },
    })
    expect(sharp.inverseTemperature).toBeCloseTo(25, 12)
    expect(sharp.bias).toBe(-0.001)
    expect(sharp.fittedOn?.atBounds).toEqual(['inverseTemperature', 'bias'])
  })

  it('always gives a calibration that can be applied, inside its ranges', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true })
    const query = fc.record({
      exemplars: fc.array(score, { minLength: 1, maxLength: 3 }),
      others: fc.array(score, { maxLength: 10 }),
    })
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 5 }), (queries) => {
        fc.pre(queries.some(({ others }) => others.length > 0))
        const { inverseTemperature, bias, fittedOn } = fitCalibration({ queries })
        expect(inverseTemperature).toBeGreaterThanOrEqual(0.0999)
        expect(inverseTemperature).toBeLessThanOrEqual(10_001)
        expect(bias).toBeGreaterThanOrEqual(-0.5)
        expect(bias).toBeLessThanOrEqual(0.1)
        expect(fittedOn?.loss).toSatisfy(Number.isFinite)
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it.each([
    [{ bias: { low: -1 } }],
    [{ bias: { low: -3.74, start: -2 } }],
    [{ bias: { start: 0.2 } }],
    [{ bias: { high: Number.NaN } }],
    [{ inverseTemperature: { low: 0 } }],
    [{ inverseTemperature: { high: Number.POSITIVE_INFINITY } }],
  ])('refuses %j', (ranges) => {
    expect(() => fitCalibration({ queries: planted, ...ranges })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  it('refuses queries that tell nothing, and names the one that is not finite', () => {
    const good = { exemplars: [0.5], others: [0.1] }
    const fit = (queries: CalibrationScores[]) => () => fitCalibration({ queries })
    expect(fit([])).toThrow(expect.objectContaining({ code: 'EMPTY_INPUT' }))
    // Any calibration would be right, for instance where the pool holds nothing but exemplars.
    const alone = { exemplars: [0.5], others: [] }
    expect(fit([alone, alone])).toThrow(expect.objectContaining({ code: 'EMPTY_INPUT' }))
    expect(fit([good, alone])).not.toThrow()
    expect(fit([good, { exemplars: [], others: [0.1] }])).toThrow(
      expect.objectContaining({ code: 'EMPTY_INPUT', location: { row: 1 } }),
    )
    expect(fit([good, good, { exemplars: [0.2], others: [Number.NaN] }])).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', location: { row: 2 } }),
    )
  })
})
