import { recallAtK, recallCeiling } from '@assay/metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRankCounter } from './rank-counter.js'

// Few values, so that ties are common.
const scores = (minLength: number) =>
  fc.array(fc.integer({ min: 0, max: 6 }), { minLength, maxLength: 15 })

/** Ranks by a full stable sort, relevant items behind others of their score. */
function sortedRanks(relevant: readonly number[], others: readonly number[]): number[] {
  const items = [
    ...others.map((score) => ({ score, isRelevant: false })),
    ...relevant.map((score) => ({ score, isRelevant: true })),
  ].sort((a, b) => b.score - a.score)
  return items.flatMap(({ isRelevant }, index) => (isRelevant ? [index + 1] : []))
}

describe('createRankCounter', () => {
  it('equals a full stable sort, with the others in blocks, and never passes the ceiling', () => {
    fc.assert(
      fc.property(scores(1), scores(0), scores(0), scores(0), (relevant, a, b, taken) => {
        const counter = createRankCounter(relevant)
        for (const block of [a, b, taken]) counter.count({ scores: Float64Array.from(block) })
        counter.count({ scores: Float64Array.from(taken), weight: -1 })
        const ranks = counter.ranks('pessimistic')
        expect(ranks).toEqual(sortedRanks(relevant, [...a, ...b]))
        for (const k of [1, 5, 10, 100]) {
          expect(recallAtK(ranks, k)).toBeLessThanOrEqual(recallCeiling(relevant.length, k))
        }
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('asks for the true score wherever an estimate leaves the order open', () => {
    const noise = fc.float({ min: -0.5, max: 0.5, noNaN: true })
    const noisy = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), noise), { maxLength: 15 })
    fc.assert(
      fc.property(scores(1), noisy, (relevant, others) => {
        const counter = createRankCounter(relevant)
        counter.count({
          scores: Float64Array.from(others, ([score, error]) => score + error),
          tolerance: 0.5,
          refine: (index) => others[index]![0],
        })
        const truth = others.map(([score]) => score)
        expect(counter.ranks('pessimistic')).toEqual(sortedRanks(relevant, truth))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })
})
