import { createMatrix, type Matrix, type VectorMetric } from '@assay/core'
import { bruteForceIndex, indexConformance } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { generateVectors } from '../exact/__fixtures__/generate-vectors.js'
import { faissNode } from './__fixtures__/faiss-node.js'
import { createFaissIndex } from './create-faiss-index.js'

const { absent, note } = faissNode()
const failsWith = (code: string, fields: object = {}) =>
  expect.objectContaining({ code, ...fields })

describe.skipIf(absent)(`a faiss index is a vector index ${note}`, () => {
  const createIndex = (vectors: Matrix, metric: VectorMetric) =>
    createFaissIndex({ vectors, metric, threads: 1 })
  for (const { name, run } of indexConformance({ createIndex, tolerance: 0 })) it(name, run)
})

describe.skipIf(absent)(`createFaissIndex ${note}`, () => {
  // Clusters, so that an IVF that looks into one cell finds something.
  const vectors = (() => {
    const { data, ids } = generateVectors('normal', { rows: 4000, columns: 8, seed: 1 })
    const clustered = data.map(
      (value, at) => value + 20 * (Math.floor(at / 8) % 16 === at % 8 ? 1 : 0),
    )
    return createMatrix({ data: clustered, columns: 8, ...(ids && { ids }) })
  })()
  const queries = createMatrix({ data: vectors.data.slice(0, 30 * 8), columns: 8 })

  it.each(['Flat', 'HNSW16', 'SQ8', 'SQfp16', 'PQ4np', 'IVF8,Flat', 'IVF8,SQ8', 'IVF8,PQ4np'])(
    'trains and fills %s by itself, and measures its recall',
    async (factory) => {
      const options = { vectors, metric: 'euclidean', threads: 1, oversampling: 20 } as const
      const index = await createFaissIndex({
        ...options,
        factory,
        measureRecall: { queries, k: 5 },
      })
      expect(index.recall.value).toBeGreaterThan(0.5)
      expect(index.id).toMatch(`faiss ${factory}, recall@5 `)
      expect(index.exact).toBe(false)
      await index.close()
    },
  )

  it.each(['inner-product', 'cosine', 'euclidean'] as const)('knows %s', async (metric) => {
    const index = await createFaissIndex({ vectors, metric, factory: 'Flat', threads: 1 })
    const exact = bruteForceIndex(vectors, metric)
    expect(await index.nearest(queries, { k: 4 })).toEqual(await exact.nearest(queries, { k: 4 }))
    await index.close()
  })

  it('misses nothing within a radius where an inverted file names too few', async () => {
    const index = await createFaissIndex({ vectors, metric: 'euclidean', factory: 'IVF64,Flat' })
    const exact = bruteForceIndex(vectors, 'euclidean')
    const search = { radius: 21 }
    expect(await index.within(queries, search)).toEqual(await exact.within(queries, search))
    await index.close()
  })

  it('gives all vectors where k exceeds their number, which faiss-node itself refuses', async () => {
    const few = createMatrix({
      data: [
        [1, 2],
        [3, 4],
      ],
    })
    const index = await createFaissIndex({ vectors: few, metric: 'cosine' })
    expect((await index.nearest(few, { k: 9 })).map((found) => found.length)).toEqual([2, 2])
    await index.close()
  })
})

describe.skipIf(!absent)('without faiss-node', () => {
  it('says that it is missing and what to do', async () => {
    const vectors = createMatrix({ data: [[1, 2]] })
    await expect(createFaissIndex({ vectors, metric: 'cosine' })).rejects.toThrowError(
      failsWith('ENGINE_UNAVAILABLE', { remedy: expect.stringContaining('faiss-node') }),
    )
  })
})

describe('a faiss index that cannot be', () => {
  it('is refused before anything is loaded', async () => {
    const vectors = createMatrix({ data: [[1, 2]] })
    for (const factory of ['IVF256,Flat', 'LSH', 'PQ3']) {
      await expect(createFaissIndex({ vectors, metric: 'cosine', factory })).rejects.toThrowError(
        failsWith('INVALID_ARGUMENT', { value: factory }),
      )
    }
  })
})
