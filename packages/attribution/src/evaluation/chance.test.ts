import { describe, expect, it } from 'vitest'
import { chanceAveragePrecision, chanceHit } from './chance.js'
import oracle from './evaluation.oracle.json' with { type: 'json' }

describe('chance levels', () => {
  it.each(oracle.chance)(
    'are the mean over every order of $items items with $relevant relevant ones',
    ({ items, relevant, k, averagePrecision, hit }) => {
      expect(chanceAveragePrecision(relevant, items)).toBeCloseTo(averagePrecision, 12)
      expect(chanceHit({ relevant, items, k })).toBeCloseTo(hit, 12)
    },
  )

  it('hold for pools too large to sum over', () => {
    const value = chanceAveragePrecision(5, 100_000)
    expect(Math.abs(value / oracle.chanceOf5In100000 - 1)).toBeLessThan(1e-12)
  })

  it('are certain where everything is taken', () => {
    expect(chanceHit({ relevant: 2, items: 5, k: 4 })).toBe(1)
  })
})
