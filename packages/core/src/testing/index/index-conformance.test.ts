import { describe, expect, it } from 'vitest'
import type { Neighbour, VectorIndex, VectorMetric } from '../../contracts/vector-index.js'
import { AssayError } from '../../errors/assay-error.js'
import type { Matrix } from '../../matrix/matrix.js'
import { bruteForceIndex } from './brute-force-index.js'
import { checkIndex, indexConformance } from './index-conformance.js'

describe('the brute-force index', () => {
  for (const { name, run } of indexConformance({ createIndex: bruteForceIndex })) it(name, run)

  it('passes as a whole', async () => {
    await checkIndex({ createIndex: bruteForceIndex, tolerance: 0 })
  })
})

type Results = readonly (readonly Neighbour[])[]
type Break = (index: VectorIndex, vectors: Matrix, metric: VectorMetric) => Partial<VectorIndex>

/** Both searches with their results changed. */
const changing =
  (change: (results: Results, asked: Matrix) => Results): Break =>
  (index) => ({
    nearest: async (queries, options) => change(await index.nearest(queries, options), queries),
    within: async (queries, options) => change(await index.within(queries, options), queries),
  })

const eachList = (change: (list: readonly Neighbour[]) => readonly Neighbour[]) =>
  changing((results) => results.map(change))

/** Both searches with one refusal turned into an empty answer. */
const forgiving =
  (code: string): Break =>
  (index) => {
    const forgive = async (search: () => Promise<Results>) => {
      try {
        return await search()
      } catch (error) {
        if (AssayError.isInstance(error) && error.code === code) return []
        throw error
      }
    }
    return {
      nearest: (queries, options) => forgive(() => index.nearest(queries, options)),
      within: (queries, options) => forgive(() => index.within(queries, options)),
    }
  }

const breaks: Record<string, readonly [demand: string, change: Break]> = {
  'another size': ['says what it holds', (index) => ({ size: index.size + 1 })],
  'another number of dimensions': ['says what it holds', () => ({ dimensions: 3 })],
  'a lost fingerprint': ['says what it holds', () => ({ fingerprint: null })],
  'another metric': [
    'says what it holds',
    (index) => ({ metric: index.metric === 'cosine' ? 'euclidean' : 'cosine' }),
  ],
  'an empty id': ['says what it holds', () => ({ id: ' ' })],
  'a specification of the future': ['says what it holds', () => ({ specificationVersion: 2 as 1 })],
  'an exactness that is not told': ['says what it holds', () => ({ exact: undefined as never })],
  'one neighbour too few': ['finds the k nearest', eachList((list) => list.slice(0, -1))],
  'one neighbour too many': [
    'finds the k nearest',
    (index) => ({ nearest: (queries, { k }) => index.nearest(queries, { k: k + 1 }) }),
  ],
  'one query too few': ['finds the k nearest', changing((results) => results.slice(1))],
  'the answer to another query': [
    'finds the k nearest',
    changing((results) => results.toReversed()),
  ],
  'the farthest instead of the nearest': [
    'finds the k nearest',
    (index) => ({
      nearest: async (queries, { k }) =>
        (await index.nearest(queries, { k: 1000 })).map((list) => list.slice(-k)),
    }),
  ],
  'a missed neighbour': [
    'finds the k nearest',
    (index) => ({
      nearest: async (queries, { k, ...rest }) =>
        (await index.nearest(queries, { k: k + 1, ...rest })).map((list) =>
          list.length > 5 ? list.toSpliced(2, 1) : list.slice(0, k),
        ),
    }),
  ],
  'a neighbour found twice': [
    'finds the k nearest',
    eachList((list) =>
      list.map((neighbour, at) => (at === 1 ? (list[0] ?? neighbour) : neighbour)),
    ),
  ],
  'a row that does not exist': [
    'finds the k nearest',
    eachList((list) => list.map((neighbour) => ({ ...neighbour, row: neighbour.row + 1e6 }))),
  ],
  'neighbours out of order': ['finds the k nearest', eachList((list) => list.toReversed())],
  'row numbers for ids': [
    'finds the k nearest',
    eachList((list) => list.map((neighbour) => ({ ...neighbour, id: String(neighbour.row) }))),
  ],
  'scores that are off': [
    'finds the k nearest',
    eachList((list) => list.map((neighbour) => ({ ...neighbour, score: neighbour.score * 1.001 }))),
  ],
  'squared distances': [
    'euclidean: finds the k nearest',
    eachList((list) => list.map((neighbour) => ({ ...neighbour, score: neighbour.score ** 2 }))),
  ],
  'the inner product for the cosine': [
    'cosine: finds the k nearest',
    (_, vectors) => bruteForceIndex(vectors, 'inner-product'),
  ],
  'a radius that leaves some out': [
    'finds all vectors within',
    (index) => ({
      within: async (queries, options) =>
        (await index.within(queries, options)).map((list) => list.slice(0, -1)),
    }),
  ],
  'a radius that takes all in': [
    'finds all vectors within',
    (index) => ({ within: (queries) => index.nearest(queries, { k: 1000 }) }),
  ],
  'a boundary that is left out': [
    'orders ties by id',
    (index, _, metric) => ({
      within: async (queries, { radius }) =>
        (await index.within(queries, { radius })).map((list) =>
          list.filter(({ score }) =>
            metric === 'euclidean' ? score < Number(radius) : score > Number(radius),
          ),
        ),
    }),
  ],
  'ties by row': [
    'orders ties by id',
    eachList((list) =>
      [...list].sort((a, b) =>
        a.score === b.score ? a.row - b.row : list.indexOf(a) - list.indexOf(b),
      ),
    ),
  ],
  'no id without ids': [
    'gives row numbers as ids',
    (index, vectors) =>
      vectors.ids
        ? index
        : eachList((list) => list.map((found) => ({ ...found, id: '' })))(index, vectors, 'cosine'),
  ],
  'ties by the digits of row numbers': [
    'gives row numbers as ids',
    (index, vectors) =>
      vectors.ids
        ? index
        : eachList((list) =>
            [...list].sort((a, b) =>
              a.score === b.score && a.id < b.id ? -1 : list.indexOf(a) - list.indexOf(b),
            ),
          )(index, vectors, 'cosine'),
  ],
  'a limit on k': [
    'gives all vectors where k',
    (index) => ({
      nearest: (queries, { k, ...rest }) => index.nearest(queries, { k: Math.min(k, 5), ...rest }),
    }),
  ],
  'answers that wander': [
    'gives equal answers side by side',
    (index) => {
      let calls = 0
      return changing((results) => {
        calls += 1
        return calls % 2 === 0 ? results.map((list) => list.slice(1)) : results
      })(index, {} as Matrix, 'cosine')
    },
  ],
  'no answer to no query': [
    'answers no query',
    changing((results, asked) => (asked.rows === 0 ? [[]] : results)),
  ],
  'something found among nothing': [
    'finds nothing among no vectors',
    (index) =>
      index.size > 0
        ? index
        : changing(() => [[{ id: '0', row: 0, score: 1 }]])(index, {} as Matrix, 'cosine'),
  ],
  'any k': [
    'refuses a k',
    (index) => ({
      nearest: (queries, { k, ...rest }) =>
        index.nearest(queries, { k: Math.max(1, Math.trunc(k || 1)), ...rest }),
    }),
  ],
  'any radius': [
    'refuses a k and a radius',
    (index) => ({
      within: (queries, { radius, ...rest }) =>
        index.within(queries, { radius: radius || 0, ...rest }),
    }),
  ],
  'any number of radii': [
    'refuses a k and a radius',
    (index) => ({
      within: (queries, { radius, ...rest }) => {
        const radii = [radius].flat()
        const fitting = Array.from({ length: queries.rows }, (_, row) => radii[row] ?? 0)
        return index.within(queries, { radius: fitting, ...rest })
      },
    }),
  ],
  'the widest radius for every query': [
    'takes a radius a query',
    (index) => ({
      within: (queries, { radius, ...rest }) =>
        index.within(queries, { radius: Math.min(...[radius].flat()), ...rest }),
    }),
  ],
  'the first radius for every query': [
    'takes a radius a query',
    (index) => ({
      within: (queries, { radius, ...rest }) =>
        index.within(queries, { radius: [radius].flat()[0] ?? 0, ...rest }),
    }),
  ],
  'queries of any length': ['refuses queries of another space', forgiving('SHAPE_MISMATCH')],
  'queries of any space': ['refuses queries of another space', forgiving('FINGERPRINT_MISMATCH')],
  'queries that are not finite': ['refuses queries that are not finite', forgiving('NOT_FINITE')],
  'queries of zeros': ['cosine: refuses queries that are not finite', forgiving('ZERO_VECTOR')],
  'a signal that is not heard': ['stops when the signal', forgiving('ABORTED')],
  'life after death': ['refuses to search once closed', forgiving('ENGINE_CLOSED')],
}

describe('checkIndex', () => {
  it.each(Object.entries(breaks))('catches %s', async (_, [demand, change]) => {
    const createIndex = (vectors: Matrix, metric: VectorMetric) => {
      const index = bruteForceIndex(vectors, metric)
      return { ...index, ...change(index, vectors, metric) }
    }
    // One metric is enough where the break concerns all.
    const metric = demand.includes(': ') ? demand.split(': ')[0] : 'inner-product'
    const metrics = [metric as VectorMetric]
    const failed = await checkIndex({ createIndex, metrics }).catch((error: unknown) => error)
    expect(failed).toMatchObject({
      code: 'CONFORMANCE_FAILED',
      value: expect.arrayContaining([expect.stringContaining(demand)]),
    })
  })

  it('holds an index that is not exact to its recall', async () => {
    // Misses one row in sixteen.
    const createIndex = (vectors: Matrix, metric: VectorMetric): VectorIndex => {
      const index = bruteForceIndex(vectors, metric)
      const missing = (results: Results) =>
        results.map((list) => list.filter(({ row }) => row % 16 !== 3 || vectors.rows < 100))
      return {
        ...index,
        exact: false,
        async nearest(queries, { k, ...rest }) {
          await index.nearest(queries, { k, ...rest })
          const results = missing(await index.nearest(queries, { k: 1000, ...rest }))
          return results.map((list) => list.slice(0, k))
        },
        within: async (queries, options) => missing(await index.within(queries, options)),
      }
    }
    await checkIndex({ createIndex, minimumRecall: 0.5 })
    await expect(checkIndex({ createIndex, minimumRecall: 0.99 })).rejects.toThrow(
      expect.objectContaining({ code: 'CONFORMANCE_FAILED' }),
    )
  })

  it('checks only the metrics that an index has', () => {
    const checks = indexConformance({ createIndex: bruteForceIndex, metrics: ['cosine'] })
    expect(checks.every(({ name }) => name.startsWith('cosine: '))).toBe(true)
  })
})
