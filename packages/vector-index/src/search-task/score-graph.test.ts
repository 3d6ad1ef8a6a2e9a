import type { Tensor, VectorMetric } from '@assay/core'
import { createEngine, type NodeEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateVectors } from '../exact/__fixtures__/generate-vectors.js'
import { groupRows } from './group-rows.js'
import { searchMetrics } from './metrics/search-metric.js'
import { queryBatch } from './query-batch.js'
import { memoryWindows } from './row-windows.js'
import { scoreGraph } from './score-graph.js'
import { surveyRows } from './survey-rows.js'

/** What the graph estimates, in float64. */
const exactEstimates: Record<VectorMetric, (q: Float32Array, x: Float32Array) => number> = {
  'inner-product': (q, x) => product(q, x),
  cosine: (q, x) => product(q, x) / Math.sqrt(product(q, q) * product(x, x)),
  euclidean: (q, x) => product(q, x) - product(x, x) / 2,
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0)
}

describe('scoreGraph', () => {
  let engine: NodeEngine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  it.each(['inner-product', 'cosine', 'euclidean'] as const)(
    'stays within the error bound of %s, which is small beside the lengths',
    async (name) => {
      const metric = searchMetrics[name]
      for (const kind of ['normal', 'lattice', 'distant', 'close'] as const) {
        const [groups, columns, count] = [20, 50, 6]
        const rows = groups * groupRows
        const { data } = generateVectors(kind, { rows, columns, seed: 1 })
        const queries = generateVectors(kind, { rows: count, columns, seed: 2 }).data
        const source = memoryWindows(data, columns)
        const { weights, reaches } = await surveyRows(source, { rows, columns, metric })
        const batch = queryBatch(queries, columns, metric)
        const session = await engine.open(scoreGraph(metric, columns))
        const vectors: Tensor = { type: 'float32', dims: [groups, groupRows, columns], data }
        const weight: Tensor = { type: 'float32', dims: [groups, groupRows, 1], data: weights }
        const withWeights = weights.length > 0 && { weights: weight }
        const { maxima } = await session.run({ vectors, queries: batch.columns, ...withWeights })
        for (let group = 0; group < groups; group++) {
          batch.bounds.forEach(({ linear, quadratic, constant }, query) => {
            const q = queries.subarray(query * columns, (query + 1) * columns)
            const exact = Array.from({ length: groupRows }, (_, index) => {
              const start = (group * groupRows + index) * columns
              return exactEstimates[name](q, data.subarray(start, start + columns))
            })
            const reach = reaches[group] as number
            const bound = linear * reach + quadratic * reach ** 2 + constant
            const estimate = Number(maxima?.data[group * count + query])
            expect(Math.abs(estimate - Math.max(...exact))).toBeLessThanOrEqual(bound)
            const scale =
              name === 'cosine' ? 1 : (batch.lengths[query] as number) * reach + reach ** 2
            expect(bound).toBeLessThan(1e-5 * scale)
          })
        }
        await session.close()
      }
    },
  )
})
