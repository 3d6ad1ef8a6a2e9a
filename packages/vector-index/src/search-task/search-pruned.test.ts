import { createMatrix, createRandom, type Matrix, type VectorMetric } from '@assay/core'
import { createEngine, type NodeEngine } from '@assay/tensor'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bruteForce } from '../exact/__fixtures__/brute-force.js'
import {
  generateVectors,
  type VectorKind,
  vectorKinds,
} from '../exact/__fixtures__/generate-vectors.js'
import { RoadExperience } from './cells/road-experience.js'
import { searchMetrics } from './metrics/search-metric.js'
import { makePrunable } from './prunable-rows.js'
import { memoryWindows } from './row-windows.js'
import { scoreGraph } from './score-graph.js'
import { type PrunableRows, searchWithinCells } from './search-pruned.js'
import type { QueryResults } from './search-queries.js'
import { surveyRows } from './survey-rows.js'

const metrics: readonly VectorMetric[] = ['inner-product', 'cosine', 'euclidean']
const kinds = Object.keys(vectorKinds) as VectorKind[]
const { signal } = new AbortController()

let engine: NodeEngine
beforeAll(() => {
  engine = createEngine({ threads: 1 })
})
afterAll(() => engine.close())

/** Rows in cells, in this thread; the matrix keeps its order. */
async function prunable(vectors: Matrix, name: VectorMetric, cells: number) {
  const metric = searchMetrics[name]
  const { rows, columns } = vectors
  const data = vectors.data.slice()
  const source = memoryWindows(data, columns)
  const survey = await surveyRows(source, { rows, columns, metric })
  const session = await engine.open(scoreGraph(metric, columns))
  const searchable = { ...survey, metric, columns, source, session, blockRows: null, numbers: null }
  const pruning = { cells, seed: 1, eager: true, always: true }
  const context = { openSession: (model: Uint8Array) => engine.open(model) }
  const made = await makePrunable(context, searchable, { data, pruning, signal })
  return { rows: made, close: () => session.close() }
}

const within = (rows: PrunableRows, queries: Matrix, radius: number) =>
  searchWithinCells(rows, queries.data, { radii: allOf(queries, radius), order: null, signal })

const allOf = ({ rows }: Matrix, radius: number) => new Float64Array(rows).fill(radius)

/** What a brute-force search finds: rows and scores, best first, of each query. */
function truth(vectors: Matrix, queries: Matrix, name: VectorMetric) {
  const all = bruteForce({ ...vectors, ids: null }, queries, name)
  return (radius: number): QueryResults[] =>
    all.map((neighbours) => {
      const inside = neighbours.filter(({ score }) =>
        name === 'euclidean' ? score <= radius : score >= radius,
      )
      return {
        rows: Uint32Array.from(inside, ({ row }) => row),
        scores: Float64Array.from(inside, ({ score }) => score),
      }
    })
}

function isSame(a: QueryResults | undefined, b: QueryResults | undefined): boolean {
  if (!a || !b || a.rows.length !== b.rows.length) return false
  return a.rows.every((row, at) => row === b.rows[at] && Object.is(a.scores[at], b.scores[at]))
}

describe('searchWithinCells, where every query prunes', () => {
  it.each(metrics)(
    'equals a brute-force search in 10,000 random searches by %s, every other one at a tie',
    async (name) => {
      const random = createRandom(3)
      let searches = 0
      let ruledOut = 0
      for (const kind of ['normal', 'lattice', 'duplicates', 'distant', 'close'] as const) {
        const vectors = generateVectors(kind, { rows: 600, columns: 5, seed: 41 })
        const queries = generateVectors(kind, { rows: 50, columns: 5, seed: 42 })
        const expected = truth(vectors, queries, name)
        const everything = expected(name === 'euclidean' ? Infinity : -Infinity)
        const { rows, close } = await prunable(vectors, name, 40)
        for (let search = 0; search < 40; search++) {
          const score = everything[random.integer(50)]?.scores[random.integer(200)] ?? 0
          const radius = search % 2 === 0 ? score : score * (1 + 1e-7 * random.normal())
          const found = await within(rows, queries, radius)
          const wanted = expected(radius)
          found.forEach((results, query) => {
            // Comparing arrays 10,000 times is slow; a difference is shown in full.
            if (!isSame(results, wanted[query])) expect(results).toEqual(wanted[query])
            searches += 1
            ruledOut += 600 - results.rows.length
          })
        }
        await close()
      }
      expect(searches).toBe(10_000)
      expect(ruledOut).toBeGreaterThan(0)
    },
  )

  it.each(metrics)('equals a brute-force search over vectors of any kind, by %s', async (name) => {
    for (const kind of kinds) {
      for (const [count, cells] of [
        [1, 1],
        [1, 7],
        [5, 40],
        [300, 17],
        [300, 2],
      ] as const) {
        const vectors = generateVectors(kind, { rows: count, columns: 9, seed: count })
        const queries = generateVectors(kind, { rows: 6, columns: 9, seed: count + 1 })
        const expected = truth(vectors, queries, name)
        const { rows, close } = await prunable(vectors, name, cells)
        const scores = expected(name === 'euclidean' ? Infinity : -Infinity)[0]?.scores
        for (const radius of [scores?.[0], scores?.at(-1), 0, -1, 1, Infinity, -Infinity]) {
          expect(await within(rows, queries, radius ?? 0)).toEqual(expected(radius ?? 0))
        }
        await close()
      }
    }
  })

  it.each(metrics)('finds vectors of any numbers, by %s', async (name) => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    )
    const row = fc.array(value, { minLength: 3, maxLength: 3 })
    const property = fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 40 }),
      fc.array(row, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(),
      async (vectorRows, queryRows, cells, pick) => {
        const hasLength = (values: number[]) => values.some((v) => Math.fround(v) !== 0)
        fc.pre(name !== 'cosine' || [...vectorRows, ...queryRows].every(hasLength))
        const vectors = createMatrix({ data: vectorRows, columns: 3 })
        const queries = createMatrix({ data: queryRows, columns: 3 })
        const expected = truth(vectors, queries, name)
        const all = expected(name === 'euclidean' ? Infinity : -Infinity)[0]?.scores ?? []
        const radius = all[pick % all.length] ?? 0
        const { rows, close } = await prunable(vectors, name, cells)
        expect(await within(rows, queries, radius)).toEqual(expected(radius))
        await close()
      },
    )
    await fc.assert(property, { seed: 12, numRuns: 100 })
  })

  it.each([1, 2])(
    'rules nothing out too early where the plane between cells is near, in %d dimensions',
    async (columns) => {
      const vectors = generateVectors('normal', { rows: 2000, columns, seed: 61 })
      const queries = generateVectors('normal', { rows: 1, columns, seed: 62 })
      const [all] = truth(vectors, queries, 'euclidean')(Infinity)
      const { rows, close } = await prunable(vectors, 'euclidean', 5)
      for (const radius of all?.scores ?? []) {
        const [found] = await within(rows, queries, radius)
        expect(found?.rows.length).toBe(all?.scores.filter((score) => score <= radius).length)
      }
      await close()
    },
  )

  it('finds zero vectors, and from a query of zeros', async () => {
    const data = Array.from({ length: 50 }, (_, at) => (at % 5 === 0 ? [0, 0] : [at, -at]))
    const vectors = createMatrix({ data })
    const queries = createMatrix({
      data: [
        [0, 0],
        [5, -5],
      ],
    })
    for (const name of ['inner-product', 'euclidean'] as const) {
      const { rows, close } = await prunable(vectors, name, 6)
      const expected = truth(vectors, queries, name)
      for (const radius of [0, 1, -1, 50]) {
        expect(await within(rows, queries, radius)).toEqual(expected(radius))
      }
      await close()
    }
  })

  it('stops when it is told to', async () => {
    const vectors = generateVectors('normal', { rows: 400, columns: 4, seed: 1 })
    const { rows, close } = await prunable(vectors, 'euclidean', 9)
    const search = { radii: allOf(vectors, 1), order: null, signal: AbortSignal.abort() }
    await expect(searchWithinCells(rows, vectors.data, search)).rejects.toThrowError(
      expect.objectContaining({ name: 'AbortError' }),
    )
    await close()
  })
})

describe('searchWithinCells, where each query takes the quicker road', () => {
  // Two far clusters: a query in one rules out the other.
  const random = createRandom(8)
  const data = Array.from({ length: 900 }, (_, row) => [
    100 * (row % 2) + random.normal(),
    random.normal(),
  ])
  const vectors = createMatrix({ data })
  const queries = createMatrix({ data: data.slice(0, 70) })

  it.each([
    ['prunes all', { scan: 1, scanQuery: 1, candidate: 0 }],
    ['scans all', { scan: 0, scanQuery: 0, candidate: 1 }],
    ['splits them', { scan: 0, scanQuery: 30, candidate: 1 }],
    ['tries one beside a scan', { scan: 1000, scanQuery: 10, candidate: 0.2 }],
  ])('%s with the same results', async (_, costs) => {
    const { rows, close } = await prunable(vectors, 'euclidean', 30)
    const roads = new RoadExperience(costs)
    for (const radius of [0.5, 3, 200]) {
      const found = await searchWithinCells({ ...rows, roads }, queries.data, {
        radii: allOf(queries, radius),
        order: null,
        signal,
      })
      expect(found).toEqual(truth(vectors, queries, 'euclidean')(radius))
    }
    // A radius of its own for each query, some of which scan while others prune.
    const radii = Float64Array.from({ length: 70 }, (_, query) => [0.5, 200, 3, 0][query % 4] ?? 0)
    const search = { radii, order: null, signal }
    const found = await searchWithinCells({ ...rows, roads }, queries.data, search)
    found.forEach((results, query) => {
      expect(results).toEqual(truth(vectors, queries, 'euclidean')(radii[query] ?? 0)[query])
    })
    await close()
  })
})
