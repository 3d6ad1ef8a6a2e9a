import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { searchMetrics } from './search-metric.js'

describe('fourMerits', () => {
  it.each(['inner-product', 'euclidean'] as const)(
    'equals merit to the last bit, by %s',
    (name) => {
      const { normal, integer } = createRandom(5)
      const metric = searchMetrics[name]
      const merits = new Float64Array(4)
      for (let round = 0; round < 500; round++) {
        const columns = 1 + integer(70)
        const scale = 10 ** (integer(9) - 4)
        const queries = Float32Array.from({ length: 2 * columns }, () => scale * normal())
        const vectors = Float32Array.from({ length: 6 * columns }, normal)
        const pair = { queries, query: columns, vectors, vector: columns, columns }
        metric.fourMerits?.({ ...pair }, merits)
        const one = [1, 2, 3, 4].map((row) => metric.merit({ ...pair, vector: row * columns }))
        expect([...merits]).toEqual(one)
      }
    },
  )
})
