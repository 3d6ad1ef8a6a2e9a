import { describe, expect, it } from 'vitest'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { featureMapping } from '../scores/unit-rows.js'
import { latticeFeatures } from './__fixtures__/attribution-set.js'
import { streamCandidates } from './stream-candidates.js'

describe('streamCandidates', () => {
  const source = featuresFromMatrix(latticeFeatures({ rows: 900, columns: 5, seed: 1 }))
  const mapPool = featureMapping(null, 'real')
  const queries = mapPool(latticeFeatures({ rows: 7, columns: 5, seed: 2 }))

  it.each([
    [-0.05, 1000, 1],
    [0, 900 * 7, 1],
    [0, 900 * 3, 3],
    [0.01, 1, 7],
  ])(
    'with b = %d and room for %d candidates, reads the pool %d times',
    async (bias, room, times) => {
      let reads = 0
      const pool = {
        ...source,
        blocks(...options: Parameters<typeof source.blocks>) {
          reads += 1
          return source.blocks(...options)
        },
      }
      const search = async (mostAtOnce?: number) => {
        const form = { inverseTemperature: 5, bias }
        const options = { queries, pool, mapPool, k: 3, form, ...(mostAtOnce && { mostAtOnce }) }
        const { candidates } = await streamCandidates(options)
        return candidates.map(({ rows, scores }) => [rows, scores])
      }
      const expected = await search()
      reads = 0
      expect(await search(room)).toEqual(expected)
      expect(reads).toBe(times)
    },
  )
})
