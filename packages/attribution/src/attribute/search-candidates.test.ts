import { bruteForceIndex } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { featureMapping } from '../scores/unit-rows.js'
import { latticeFeatures } from './__fixtures__/attribution-set.js'
import { searchCandidates } from './search-candidates.js'

describe('searchCandidates', () => {
  it('finds the same however many neighbours it asks for at once', async () => {
    const unit = featureMapping(null, 'real')
    const index = bruteForceIndex(
      unit(latticeFeatures({ rows: 800, columns: 5, seed: 1 })),
      'inner-product',
    )
    const queries = unit(latticeFeatures({ rows: 30, columns: 5, seed: 2 }))
    const form = { inverseTemperature: 6, bias: -0.05 }
    const search = async (mostAtOnce?: number) => {
      const found = await searchCandidates({
        queries,
        views: [index],
        k: 3,
        form,
        ...(mostAtOnce && { mostAtOnce }),
      })
      return found.map(({ rows, scores, idOf }) => [
        Array.from(rows),
        scores,
        Array.from(rows, (_, place) => idOf(place)),
      ])
    }
    const expected = await search()
    expect(expected).toHaveLength(30)
    for (const mostAtOnce of [1, 50, 400]) expect(await search(mostAtOnce)).toEqual(expected)
  })
})
