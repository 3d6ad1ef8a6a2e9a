import { createRandom } from '@assay/core'
import { normalCumulative } from '@assay/core/statistics'
import { describe, expect, it } from 'vitest'
import { conformalThreshold } from './conformal-threshold.js'
import { familyRate } from './family-rate.js'

describe('conformalThreshold', () => {
  it('takes the 190th of 199 scores for 5 %, and says how far its own rate may be off', () => {
    const scores = createRandom('order').shuffle(Array.from({ length: 199 }, (_, at) => at + 1))
    expect(conformalThreshold(scores, { rate: 0.05 })).toMatchObject({
      threshold: 190,
      rank: 190,
      pictures: 199,
      clusters: 199,
    })
    const { likelyRate } = conformalThreshold(scores, { rate: 0.05 })
    expect(likelyRate).toBeCloseTo(0.0776, 3) // The 95th percentile of Beta(10, 190).
  })

  it('keeps its rate on average over 4,000 sets of clean pictures, and only on average', () => {
    const random = createRandom('marginal')
    const rates = Array.from({ length: 4000 }, () => {
      const scores = Float64Array.from({ length: 199 }, random.normal)
      return 1 - normalCumulative(conformalThreshold(scores, { rate: 0.05 }).threshold)
    }).sort((one, other) => one - other)
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
    expect(Math.abs(mean - 0.05)).toBeLessThan(0.002)
    expect(Math.abs(rates[3800]! - 0.078)).toBeLessThan(0.002)
  })

  it('keeps its rate for new prompts where pictures share prompts; counting pictures would not', () => {
    const random = createRandom('prompts')
    const means = { prompts: 0, pictures: 0 }
    const [turns, prompts, each] = [600, 39, 20]
    for (let turn = 0; turn < turns; turn += 1) {
      const clusters = Array.from({ length: prompts * each }, (_, at) => Math.floor(at / each))
      const offsets = Array.from({ length: prompts }, random.normal)
      const scores = clusters.map((prompt) => offsets[prompt]! + 0.3 * random.normal())
      const rate = (threshold: number) => 1 - normalCumulative(threshold / Math.hypot(1, 0.3))
      means.prompts += rate(conformalThreshold(scores, { rate: 0.05, clusters }).threshold) / turns
      means.pictures += rate(conformalThreshold(scores, { rate: 0.05 }).threshold) / turns
    }
    expect(means.prompts).toBeLessThan(0.05)
    expect(means.prompts).toBeGreaterThan(0.03)
    expect(means.pictures).toBeGreaterThan(0.055)
  })

  it('is the plain one where every prompt has one picture', () => {
    const scores = Array.from({ length: 99 }, createRandom('same').normal)
    const clusters = scores.map((_, at) => `prompt ${at}`)
    expect(conformalThreshold(scores, { rate: 0.1, clusters })).toEqual(
      conformalThreshold(scores, { rate: 0.1 }),
    )
  })

  it('needs 19 pictures for 5 %, and no fewer prompts', () => {
    const scores = Array.from({ length: 19 }, (_, at) => at)
    expect(conformalThreshold(scores, { rate: 0.05 }).rank).toBe(19)
    const few = () => conformalThreshold(scores.slice(1), { rate: 0.05 })
    expect(few).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        value: 18,
        remedy: expect.stringContaining('at least 19'),
      }),
    )
    const clusters = scores.map((at) => at % 10)
    expect(() => conformalThreshold(scores, { rate: 0.05, clusters })).toThrow(
      expect.objectContaining({ value: 10 }),
    )
  })

  it.each([
    ['INVALID_ARGUMENT', [1, 2], { rate: 0 }],
    ['INVALID_ARGUMENT', [1, 2], { rate: 1 }],
    ['INVALID_ARGUMENT', [], { rate: 0.5 }],
    ['NOT_FINITE', [1, Number.NaN], { rate: 0.5 }],
    ['SHAPE_MISMATCH', [1, 2], { rate: 0.5, clusters: ['a'] }],
  ])('refuses: %s', (code, scores, options) => {
    expect(() => conformalThreshold(scores, options)).toThrow(expect.objectContaining({ code }))
  })
})

describe('familyRate', () => {
  it('divides 5 % among eleven pairs', () => {
    expect(familyRate(0.05, 11, 'sidak')).toBeCloseTo(0.00465, 5)
    expect(familyRate(0.05, 11, 'bonferroni')).toBeCloseTo(0.05 / 11, 15)
    expect(1 - (1 - familyRate(0.05, 11, 'sidak')) ** 11).toBeCloseTo(0.05, 14)
    expect(familyRate(0.05, 1, 'sidak')).toBeCloseTo(0.05, 15)
    expect(1 - 0.95 ** 11).toBeCloseTo(0.431, 3)
  })
})
