import { mulberry32 } from '@assay/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import oracle from '../metrics.oracle.json' with { type: 'json' }
import { averagePrecision } from './average-precision.js'
import { chanceRecall } from './chance-recall.js'
import { hitAtK } from './hit-at-k.js'
import { meanAveragePrecision } from './mean-average-precision.js'
import { ranksFromCounts } from './ranks-from-counts.js'
import { recallAtK } from './recall-at-k.js'
import { recallCeiling } from './recall-ceiling.js'
import { reciprocalRank } from './reciprocal-rank.js'
import { relevantRanks } from './relevant-ranks.js'

const failsWith = (code: string) => expect.objectContaining({ code })
// Few values, so that ties are common.
const scores = (minLength: number) =>
  fc.array(fc.integer({ min: 0, max: 6 }), { minLength, maxLength: 12 })

describe('relevantRanks', () => {
  it('equals a stable sort with relevant items behind others of their score', () => {
    fc.assert(
      fc.property(scores(1), scores(0), (relevant, others) => {
        const items = [
          ...others.map((score) => ({ score, isRelevant: false })),
          ...relevant.map((score) => ({ score, isRelevant: true })),
        ].sort((a, b) => b.score - a.score)
        const ranks = items.flatMap(({ isRelevant }, index) => (isRelevant ? [index + 1] : []))
        expect(relevantRanks({ relevant, others })).toEqual(ranks)
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('gives the mean rank over all orders of tied items, where asked to', () => {
    // One block of two relevant and two other items: of its 6 orders the first relevant one stands,
    // on average, at 5/3, the second at 10/3; one better item stands before.
    const ranks = relevantRanks({ relevant: [5, 5], others: [5, 9, 5, 1], ties: 'expected' })
    expect(ranks[0]).toBeCloseTo(1 + 5 / 3, 14)
    expect(ranks[1]).toBeCloseTo(1 + 10 / 3, 14)
    expect(relevantRanks({ relevant: [7, 2], others: [9, 1], ties: 'expected' })).toEqual([2, 3])
  })

  it('never ranks better against ties than on average', () => {
    fc.assert(
      fc.property(scores(1), scores(0), (relevant, others) => {
        const pessimistic = relevantRanks({ relevant, others })
        const expected = relevantRanks({ relevant, others, ties: 'expected' })
        expected.forEach((rank, at) => {
          expect(rank).toBeLessThanOrEqual(pessimistic[at]! + 1e-12)
          expect(rank).toBeGreaterThanOrEqual(at + 1 - 1e-12)
        })
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('takes infinities and leaves its input alone', () => {
    const relevant = Float32Array.of(1, Infinity, -Infinity)
    expect(relevantRanks({ relevant, others: [-Infinity, 0] })).toEqual([1, 2, 5])
    expect([...relevant]).toEqual([1, Infinity, -Infinity])
  })

  it('refuses a query without relevant items, and NaN', () => {
    expect(() => relevantRanks({ relevant: [], others: [1] })).toThrow(failsWith('EMPTY_INPUT'))
    for (const query of [
      { relevant: [Number.NaN], others: [] },
      { relevant: [1], others: [0, Number.NaN] },
    ]) {
      expect(() => relevantRanks(query)).toThrow(failsWith('NOT_FINITE'))
    }
  })
})

describe('ranksFromCounts', () => {
  it('is what relevantRanks gives, also where the others are counted in two parts', () => {
    fc.assert(
      fc.property(scores(1), scores(0), scores(0), (relevant, some, more) => {
        const descending = [...relevant].sort((a, b) => b - a)
        const count = (test: (other: number, score: number) => boolean) =>
          descending.map((score) =>
            [some, more].reduce((n, part) => n + part.filter((s) => test(s, score)).length, 0),
          )
        const above = count((other, score) => other > score)
        const equal = count((other, score) => other === score)
        for (const ties of ['pessimistic', 'expected'] as const) {
          expect(ranksFromCounts({ relevant: descending, above, equal, ties })).toEqual(
            relevantRanks({ relevant, others: [...some, ...more], ties }),
          )
        }
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('refuses a query without relevant items, and counts that do not fit', () => {
    expect(() => ranksFromCounts({ relevant: [], above: [], equal: [] })).toThrow(
      failsWith('EMPTY_INPUT'),
    )
    expect(() => ranksFromCounts({ relevant: [1], above: [0], equal: [] })).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
  })
})

describe('retrieval measures', () => {
  it('give the golden values of the dossier', () => {
    const ranks = [0, 1, 0, 0, 1, 1, 0, 0, 0, 1].flatMap((hit, index) => (hit ? [index + 1] : []))
    expect(averagePrecision(ranks)).toBeCloseTo(0.45, 14)
    expect([1, 5, 10].map((k) => recallAtK(ranks, k))).toEqual([0, 0.5, 1])
    expect([1, 5, 10].map((k) => hitAtK(ranks, k))).toEqual([0, 1, 1])
    expect(reciprocalRank(ranks)).toBe(0.5)
  })

  it.each(oracle.averagePrecision)(
    'average precision agrees with scikit-learn, seed $seed',
    ({ seed, value }) => {
      const { uniform } = mulberry32(seed)
      const relevant = Array.from({ length: 1 + (seed % 5) }, uniform)
      const others = Array.from({ length: 40 }, uniform)
      expect(averagePrecision(relevantRanks({ relevant, others }))).toBeCloseTo(value, 12)
    },
  )

  it('average over queries', () => {
    expect(meanAveragePrecision([[1], [4]])).toBe((1 + 1 / 4) / 2)
  })

  it('know the ceiling and the chance of recall', () => {
    expect(recallCeiling(1, 5)).toBe(1)
    expect(recallCeiling(8, 6)).toBe(0.75)
    expect(chanceRecall(1_000_001, 10)).toBeCloseTo(1e-5, 10)
    expect(chanceRecall(3, 10)).toBe(1)
  })

  it('keep recall below its ceiling, and in step with k', () => {
    fc.assert(
      fc.property(scores(1), scores(0), fc.integer({ min: 1, max: 25 }), (relevant, others, k) => {
        const ranks = relevantRanks({ relevant, others })
        expect(recallAtK(ranks, k)).toBeLessThanOrEqual(recallCeiling(relevant.length, k))
        expect(recallAtK(ranks, k + 1)).toBeGreaterThanOrEqual(recallAtK(ranks, k))
        expect(averagePrecision(ranks)).toBeGreaterThan(0)
        expect(averagePrecision(ranks)).toBeLessThanOrEqual(1)
        expect(hitAtK(ranks, k)).toBe(Number(ranks[0]! <= k))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('reach the chance of recall under random scores', () => {
    const { uniform } = mulberry32(9)
    const runs = 4000
    const k = 10
    let sum = 0
    for (let run = 0; run < runs; run++) {
      const relevant = Array.from({ length: 5 }, uniform)
      const others = Array.from({ length: 45 }, uniform)
      sum += recallAtK(relevantRanks({ relevant, others }), k)
    }
    // Hypergeometric: 10 of 50 drawn, 5 of them relevant. Four standard errors of the mean.
    const variance = (0.2 * 0.8 * (45 / 49)) / 5
    expect(Math.abs(sum / runs - chanceRecall(50, k))).toBeLessThan(4 * Math.sqrt(variance / runs))
  })

  it('refuse what they cannot average, and a k that cannot be', () => {
    const empty = [averagePrecision, reciprocalRank, meanAveragePrecision]
    for (const measure of empty) expect(() => measure([])).toThrow(failsWith('EMPTY_INPUT'))
    expect(() => meanAveragePrecision([[1], []])).toThrow(failsWith('EMPTY_INPUT'))
    expect(() => recallAtK([], 1)).toThrow(failsWith('EMPTY_INPUT'))
    for (const odd of [0, -1, 1.5, Number.NaN]) {
      expect(() => recallAtK([1], odd)).toThrow(failsWith('INVALID_ARGUMENT'))
      expect(() => recallCeiling(odd, 1)).toThrow(failsWith('INVALID_ARGUMENT'))
      expect(() => chanceRecall(5, odd)).toThrow(failsWith('INVALID_ARGUMENT'))
    }
  })
})
