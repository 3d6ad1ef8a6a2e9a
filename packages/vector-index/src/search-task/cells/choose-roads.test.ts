import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prunedQueries } from './choose-roads.js'
import type { RoadCosts } from './road-costs.js'

/** The cost of a choice, as it is defined. */
function costOf(pruned: readonly boolean[], candidates: readonly number[], costs: RoadCosts) {
  const scanned = pruned.filter((prunes) => !prunes).length
  const lists = candidates.reduce((sum, count, query) => sum + (pruned[query] ? count : 0), 0)
  return lists * costs.candidate + (scanned > 0 ? costs.scan + scanned * costs.scanQuery : 0)
}

describe('prunedQueries', () => {
  const costs = { scan: 100, scanQuery: 10, candidate: 1 }

  it('lets a single query prune as long as its candidates cost less than a scan', () => {
    expect(prunedQueries([109], costs)).toEqual([true])
    expect(prunedQueries([111], costs)).toEqual([false])
  })

  it('shares one scan among queries with many candidates, and keeps the others from it', () => {
    expect(prunedQueries([5, 900, 60, 900, 0], costs)).toEqual([true, false, false, false, true])
  })

  it('scans for all where a scan is free, and has nothing to choose for no query', () => {
    expect(prunedQueries([1, 2], { scan: 0, scanQuery: 0, candidate: 1 })).toEqual([false, false])
    expect(prunedQueries([], costs)).toEqual([])
  })

  it('finds a choice that no other one beats', () => {
    const property = fc.property(
      fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 8 }),
      fc.nat({ max: 200 }),
      fc.nat({ max: 50 }),
      (candidates, scan, scanQuery) => {
        const priced = { scan, scanQuery, candidate: 1 }
        const chosen = costOf(prunedQueries(candidates, priced), candidates, priced)
        for (let mask = 0; mask < 2 ** candidates.length; mask++) {
          const other = candidates.map((_, query) => ((mask >> query) & 1) === 1)
          expect(chosen).toBeLessThanOrEqual(costOf(other, candidates, priced))
        }
      },
    )
    fc.assert(property, { seed: 5, numRuns: 200 })
  })
})
