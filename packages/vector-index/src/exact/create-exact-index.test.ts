import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createMatrix,
  createRandom,
  type Matrix,
  type Neighbour,
  type VectorMetric,
} from '@assay/core'
import { openMatrixFile, writeMatrixFile } from '@assay/store'
import { createEngine, type NodeEngine } from '@assay/tensor'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bruteForce } from './__fixtures__/brute-force.js'
import { generateVectors, type VectorKind, vectorKinds } from './__fixtures__/generate-vectors.js'
import { createExactIndex, type ExactIndexOptions } from './create-exact-index.js'

const metrics: readonly VectorMetric[] = ['inner-product', 'cosine', 'euclidean']
const kinds = Object.keys(vectorKinds) as VectorKind[]
const failsWith = (code: string, fields: object = {}) =>
  expect.objectContaining({ code, ...fields })

function sameResults(a: readonly Neighbour[], b: readonly Neighbour[]): boolean {
  const same = (x: Neighbour, y?: Neighbour) =>
    x.id === y?.id && x.row === y.row && Object.is(x.score, y.score)
  return a.length === b.length && a.every((neighbour, index) => same(neighbour, b[index]))
}

let engine: NodeEngine
let folder: string
beforeAll(async () => {
  engine = createEngine({ threads: 2 })
  folder = await mkdtemp(join(tmpdir(), 'assay-exact-index-'))
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

/** What an index over the vectors answers, once. */
async function nearest(options: Omit<ExactIndexOptions, 'engine'>, queries: Matrix, k: number) {
  const index = await createExactIndex({ engine, ...options })
  const results = await index.nearest(queries, { k })
  await index.close()
  return results
}

describe('nearest', () => {
  describe.each(metrics)('by %s', (metric) => {
    it.each(kinds)('equals a brute-force search over %s vectors', async (kind) => {
      for (const [rows, columns, k] of [
        [1, 1, 1],
        [31, 3, 5],
        [64, 17, 64],
        [1500, 24, 10],
        [3000, 5, 100],
      ] as const) {
        const vectors = generateVectors(kind, { rows, columns, seed: rows })
        const queries = generateVectors(kind, { rows: 7, columns, seed: rows + 1 })
        const expected = bruteForce(vectors, queries, metric).map((all) => all.slice(0, k))
        expect(await nearest({ vectors, metric }, queries, k)).toEqual(expected)
      }
    })

    it('does not depend on blocks, threads or what else is asked', async () => {
      const vectors = generateVectors('lattice', { rows: 2000, columns: 12, seed: 5 })
      const queries = generateVectors('lattice', { rows: 40, columns: 12, seed: 6 })
      const expected = bruteForce(vectors, queries, metric).map((all) => all.slice(0, 20))
      const single = createEngine({ threads: 1 })
      for (const options of [
        { blockRows: 1 },
        { blockRows: 96 },
        { blockRows: 1999 },
        { engine: single },
      ]) {
        expect(await nearest({ vectors, metric, ...options }, queries, 20)).toEqual(expected)
      }
      await single.close()
    })

    it('finds vectors of any numbers', async () => {
      const value = fc.oneof(
        fc.integer({ min: -3, max: 3 }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
      )
      const row = fc.array(value, { minLength: 3, maxLength: 3 })
      const property = fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 80 }),
        fc.array(row, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        async (vectorRows, queryRows, k) => {
          const hasLength = (values: number[]) => values.some((v) => Math.fround(v) !== 0)
          fc.pre(metric !== 'cosine' || [...vectorRows, ...queryRows].every(hasLength))
          const vectors = createMatrix({ data: vectorRows, columns: 3 })
          const queries = createMatrix({ data: queryRows, columns: 3 })
          const expected = bruteForce(vectors, queries, metric).map((all) => all.slice(0, k))
          expect(await nearest({ vectors, metric }, queries, k)).toEqual(expected)
        },
      )
      await fc.assert(property, { seed: 11, numRuns: 150 })
    })
  })

  it('gives all vectors where k exceeds their number, and none from an empty index', async () => {
    const vectors = generateVectors('normal', { rows: 3, columns: 2, seed: 1 })
    const empty = createMatrix({ data: new Float32Array(0), columns: 2 })
    const queries = createMatrix({ data: [[1, 2]] })
    expect((await nearest({ vectors, metric: 'cosine' }, queries, 9))[0]).toHaveLength(3)
    expect(await nearest({ vectors: empty, metric: 'cosine' }, queries, 9)).toEqual([[]])
    expect(await nearest({ vectors, metric: 'cosine' }, empty, 9)).toEqual([])
  })

  it('orders equal vectors by id, or by row number where there are no ids', async () => {
    const data = Array.from({ length: 100 }, () => [1, 1])
    const ids = data.map((_, row) => `id-${(row * 37) % 100}`)
    const queries = createMatrix({ data: [[2, 2]] })
    const named = createMatrix({ data, ids })
    const [byId] = await nearest({ vectors: named, metric: 'euclidean' }, queries, 4)
    expect(byId?.map((found) => found.id)).toEqual(['id-0', 'id-1', 'id-10', 'id-11'])
    const plain = createMatrix({ data })
    const [byRow] = await nearest({ vectors: plain, metric: 'euclidean' }, queries, 12)
    expect(byRow?.map((found) => found.row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('finds a copy at distance 0 exactly, wherever it lies', async () => {
    const vectors = generateVectors('distant', { rows: 400, columns: 64, seed: 3 })
    const queries = createMatrix({ data: vectors.data.slice(64 * 123, 64 * 124), columns: 64 })
    const [found] = await nearest({ vectors, metric: 'euclidean' }, queries, 1)
    expect(found).toEqual([{ id: vectors.ids?.[123], row: 123, score: 0 }])
    expect(Object.is(found?.[0]?.score, 0)).toBe(true)
  })

  it('looks again at vectors whose float32 products overflow', async () => {
    // The first group: minus infinity or NaN in float32, 5 in row 7 and 3 elsewhere in truth.
    const data = Array.from({ length: 64 }, (_, row) =>
      row < 32 ? [-3e38, 3e38, row === 7 ? 5 : 3] : [0, 0, 4],
    )
    const vectors = createMatrix({ data })
    const queries = createMatrix({ data: [[2, 2, 1]] })
    const [found] = await nearest({ vectors, metric: 'inner-product' }, queries, 2)
    expect(found?.map(({ row, score }) => [row, score])).toEqual([
      [7, 5],
      [32, 4],
    ])
  })

  it('answers more queries than one pass takes', async () => {
    const vectors = generateVectors('normal', { rows: 300, columns: 4, seed: 8 })
    const queries = generateVectors('normal', { rows: 2500, columns: 4, seed: 9 })
    const expected = bruteForce(vectors, queries, 'cosine').map((all) => all.slice(0, 2))
    expect(await nearest({ vectors, metric: 'cosine' }, queries, 2)).toEqual(expected)
  })
})

describe('within', () => {
  it.each(metrics)(
    'misses nothing and adds nothing in 10,000 searches by %s, many at a tie',
    async (metric) => {
      const random = createRandom(21)
      let searches = 0
      for (const kind of ['lattice', 'normal', 'close', 'distant'] as const) {
        const vectors = generateVectors(kind, { rows: 700, columns: 6, seed: 31 })
        const queries = generateVectors(kind, { rows: 50, columns: 6, seed: 32 })
        const all = bruteForce(vectors, queries, metric)
        const index = await createExactIndex({ vectors, metric, engine })
        for (let search = 0; search < 50; search++) {
          // Every other radius is a score that some vector has exactly.
          const score = all[random.integer(50)]?.[random.integer(200)]?.score ?? 0
          const radius = search % 2 === 0 ? score : score * (1 + 1e-7 * random.normal())
          const results = await index.within(queries, { radius })
          results.forEach((found, query) => {
            const inside = all[query]?.filter((neighbour) =>
              metric === 'euclidean' ? neighbour.score <= radius : neighbour.score >= radius,
            )
            // Comparing objects 10,000 times is slow; a difference is shown in full.
            if (!sameResults(found, inside ?? [])) expect(found).toEqual(inside)
            searches += 1
          })
        }
        await index.close()
      }
      expect(searches).toBe(10_000)
    },
  )

  it('takes radii without end', async () => {
    const vectors = generateVectors('normal', { rows: 100, columns: 3, seed: 1 })
    const index = await createExactIndex({ vectors, metric: 'euclidean', engine })
    const counts = []
    for (const radius of [Infinity, -1, -Infinity, 0]) {
      counts.push((await index.within(vectors, { radius })).flat().length)
    }
    expect(counts).toEqual([100 * 100, 0, 0, 100])
    await index.close()
  })
})

describe('radiusSearch', () => {
  const vectors = generateVectors('close', { rows: 3000, columns: 6, seed: 51 })
  const queries = generateVectors('close', { rows: 40, columns: 6, seed: 52 })

  it.each(metrics)(
    'changes no result by %s, of any search, before cells are made or after',
    async (metric) => {
      const all = bruteForce(vectors, queries, metric)
      const nearest = all.map((neighbours) => neighbours.slice(0, 30))
      const radius = all[0]?.[20]?.score ?? 0
      const within = all.map((neighbours) =>
        neighbours.filter(({ score }) =>
          metric === 'euclidean' ? score <= radius : score >= radius,
        ),
      )
      for (const radiusSearch of [
        { road: 'faster' },
        { road: 'prune' },
        { road: 'prune', eager: true, cells: 3, seed: 9 },
        { road: 'faster', eager: true, cells: 5000 },
        { road: 'scan' },
      ] as const) {
        const index = await createExactIndex({ vectors, metric, engine, radiusSearch })
        expect(await index.nearest(queries, { k: 30 })).toEqual(nearest)
        expect(await index.within(queries, { radius })).toEqual(within)
        expect(await index.nearest(queries, { k: 30 })).toEqual(nearest)
        expect(await index.within(queries, { radius })).toEqual(within)
        await index.close()
      }
    },
  )

  it('leaves the vectors of its caller in their order', async () => {
    const before = vectors.data.slice()
    const radiusSearch = { road: 'prune', eager: true } as const
    const index = await createExactIndex({ vectors, metric: 'cosine', engine, radiusSearch })
    expect(vectors.data).toEqual(before)
    await index.close()
  })

  it('goes on rightly after the making of cells was aborted', async () => {
    const large = generateVectors('normal', { rows: 20_000, columns: 32, seed: 1 })
    const asked = createMatrix({ data: large.data.slice(0, 64), columns: 32 })
    const radiusSearch = { road: 'prune', cells: 400 } as const
    const index = await createExactIndex({
      vectors: large,
      metric: 'euclidean',
      engine,
      radiusSearch,
    })
    const expected = bruteForce(large, asked, 'euclidean')
    for (const patience of [1, 20, 100]) {
      const signal = AbortSignal.timeout(patience)
      await index.within(asked, { radius: 5, signal }).catch((error: unknown) => {
        expect(error).toEqual(failsWith('ABORTED'))
      })
      expect(await index.nearest(asked, { k: 9 })).toEqual(expected.map((all) => all.slice(0, 9)))
    }
    const inside = expected.map((all) => all.filter(({ score }) => score <= 5))
    expect(await index.within(asked, { radius: 5 })).toEqual(inside)
    await index.close()
  })

  it('is taken by itself for many rows in memory', async () => {
    const many = generateVectors('lattice', { rows: 50_000, columns: 3, seed: 1 })
    const asked = generateVectors('lattice', { rows: 2, columns: 3, seed: 2 })
    const index = await createExactIndex({ vectors: many, metric: 'euclidean', engine })
    const expected = bruteForce(many, asked, 'euclidean')
    const inside = expected.map((all) => all.filter(({ score }) => score <= 1))
    // Scans at first, cells when scans have been as much work as those are to make.
    for (let search = 0; search < 70; search += 1) {
      expect(await index.within(asked, { radius: 1 })).toEqual(inside)
    }
    await index.close()
  })

  it('refuses cells that cannot be, and cells of streamed rows', async () => {
    for (const cells of [0, 1.5, Number.NaN]) {
      const options = { vectors, metric: 'cosine', engine } as const
      await expect(
        createExactIndex({ ...options, radiusSearch: { road: 'prune', cells } }),
      ).rejects.toThrowError(failsWith('INVALID_ARGUMENT', { value: cells }))
    }
    const path = join(folder, 'streamed-cells.safetensors')
    await writeMatrixFile(path, vectors)
    const file = await openMatrixFile(path)
    const options = { vectors: file, metric: 'cosine', engine, stream: true } as const
    await expect(
      createExactIndex({ ...options, radiusSearch: { road: 'faster' } }),
    ).rejects.toThrowError(failsWith('INVALID_ARGUMENT', { value: 'faster' }))
    const scanning = await createExactIndex({ ...options, radiusSearch: { road: 'scan' } })
    await scanning.close()
    await file.close()
  })
})

describe('a matrix file', () => {
  it.each(metrics)('gives the same streamed as loaded, by %s', async (metric) => {
    const path = join(folder, `${metric}.safetensors`)
    const vectors = generateVectors('normal', { rows: 5001, columns: 20, seed: 77 })
    const queries = generateVectors('normal', { rows: 9, columns: 20, seed: 78 })
    await writeMatrixFile(path, vectors)
    const file = await openMatrixFile(path)
    const expected = await nearest({ vectors, metric }, queries, 15)
    expect(await nearest({ vectors: file, metric }, queries, 15)).toEqual(expected)
    expect(await nearest({ vectors: file, metric, stream: true }, queries, 15)).toEqual(expected)
    await file.close()
  })

  it('streams windows larger than its buffers, search after search', async () => {
    const path = join(folder, 'large.safetensors')
    // 20 MB, where a window has 16 MiB.
    const vectors = generateVectors('lattice', { rows: 10_000, columns: 512, seed: 5 })
    const queries = generateVectors('lattice', { rows: 3, columns: 512, seed: 6 })
    await writeMatrixFile(path, vectors)
    const file = await openMatrixFile(path)
    const index = await createExactIndex({
      vectors: file,
      metric: 'euclidean',
      engine,
      stream: true,
    })
    const all = bruteForce(vectors, queries, 'euclidean')
    for (const k of [3, 300]) {
      const expected = all.map((neighbours) => neighbours.slice(0, k))
      expect(await index.nearest(queries, { k })).toEqual(expected)
    }
    await index.close()
    await file.close()
  })

  it('is loaded and not streamed where it does not hold plain float32', async () => {
    const path = join(folder, 'double.bin')
    const values = Float64Array.from([1, 0, 0, 1, 1, 1])
    await writeFile(path, new Uint8Array(values.buffer))
    const file = await openMatrixFile(path, { raw: { columns: 2, type: 'float64' } })
    const queries = createMatrix({ data: [[0, 2]] })
    const results = await nearest({ vectors: file, metric: 'inner-product' }, queries, 2)
    expect(results[0]?.map((found) => found.row)).toEqual([1, 2])
    const streamed = nearest({ vectors: file, metric: 'cosine', stream: true }, queries, 1)
    await expect(streamed).rejects.toThrowError(failsWith('UNSUPPORTED_FORMAT'))
    await file.close()
  })

  it('that changes under a streaming index is an error, not a wrong result', async () => {
    const path = join(folder, 'changing.safetensors')
    const vectors = generateVectors('normal', { rows: 50, columns: 4, seed: 1 })
    await writeMatrixFile(path, vectors)
    const file = await openMatrixFile(path)
    const index = await createExactIndex({ vectors: file, metric: 'cosine', engine, stream: true })
    await writeFile(path, 'something else')
    await expect(index.nearest(vectors, { k: 1 })).rejects.toThrowError(
      failsWith('FILE_READ_FAILED', { location: { file: path } }),
    )
    await index.close()
    await file.close()
  })
})

describe('createExactIndex', () => {
  const vectors = createMatrix({
    data: [
      [3, 4],
      [0, 1],
    ],
    ids: ['b', 'a'],
    fingerprint: 'clip',
  })
  const queries = createMatrix({ data: [[1, 0]] })

  it('says what it is', async () => {
    const index = await createExactIndex({ vectors, metric: 'cosine', engine })
    const { specificationVersion, id, metric, exact, size, dimensions, fingerprint } = index
    expect({ specificationVersion, id, metric, exact, size, dimensions, fingerprint }).toEqual({
      specificationVersion: 1,
      id: 'exact',
      metric: 'cosine',
      exact: true,
      size: 2,
      dimensions: 2,
      fingerprint: 'clip',
    })
    await index.close()
  })

  it('takes over memory that is given up, and no other', async () => {
    const kept = createMatrix({ data: [[1, 2]] })
    const given = createMatrix({ data: [[1, 2]] })
    await nearest({ vectors: kept, metric: 'cosine' }, queries, 1)
    const [found] = await nearest(
      { vectors: given, metric: 'euclidean', transfer: true },
      queries,
      1,
    )
    expect([kept.data.length, given.data.length, found?.[0]?.score]).toEqual([2, 0, 2])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('names the row that holds %d', async (value) => {
    const data = Array.from({ length: 70 }, () => [1, 1])
    data[66] = [1, value]
    const ids = data.map((_, row) => `picture-${row}`)
    const broken = createMatrix({ data, ids })
    for (const metric of metrics) {
      const making = createExactIndex({ vectors: broken, metric, engine })
      await expect(making).rejects.toThrowError(
        failsWith('NOT_FINITE', { location: { row: 66, id: 'picture-66' } }),
      )
    }
    const index = await createExactIndex({ vectors, metric: 'inner-product', engine })
    const query = createMatrix({ data: [[value, 1]] })
    await expect(index.nearest(query, { k: 1 })).rejects.toThrowError(failsWith('NOT_FINITE'))
    await index.close()
  })

  it('has no cosine for a row of zeros, but a product and a distance', async () => {
    const zeros = createMatrix({
      data: [
        [1, 1],
        [0, 0],
      ],
      ids: ['one', 'nil'],
    })
    await expect(
      createExactIndex({ vectors: zeros, metric: 'cosine', engine }),
    ).rejects.toThrowError(failsWith('ZERO_VECTOR', { location: { row: 1, id: 'nil' } }))
    const byProduct = await nearest({ vectors: zeros, metric: 'inner-product' }, zeros, 1)
    expect(byProduct.flat().map((found) => found.score)).toEqual([2, 0])
    const byDistance = await nearest({ vectors: zeros, metric: 'euclidean' }, zeros, 1)
    expect(byDistance.flat().map((found) => found.score)).toEqual([0, 0])
    const index = await createExactIndex({ vectors, metric: 'cosine', engine })
    await expect(index.nearest(zeros, { k: 1 })).rejects.toThrowError(
      failsWith('ZERO_VECTOR', { location: { row: 1, id: 'nil' } }),
    )
    await index.close()
  })

  it('refuses questions that cannot be meant', async () => {
    const index = await createExactIndex({ vectors, metric: 'cosine', engine })
    for (const k of [0, -1, 1.5, Number.NaN]) {
      await expect(index.nearest(queries, { k })).rejects.toThrowError(
        failsWith('INVALID_ARGUMENT'),
      )
    }
    await expect(index.within(queries, { radius: Number.NaN })).rejects.toThrowError(
      failsWith('INVALID_ARGUMENT'),
    )
    const wide = createMatrix({ data: [[1, 2, 3]] })
    await expect(index.nearest(wide, { k: 1 })).rejects.toThrowError(failsWith('SHAPE_MISMATCH'))
    const foreign = createMatrix({ data: [[1, 2]], fingerprint: 'dino' })
    await expect(index.nearest(foreign, { k: 1 })).rejects.toThrowError(
      failsWith('FINGERPRINT_MISMATCH'),
    )
    await index.close()
    const odd = createExactIndex({ vectors, metric: 'cosine', engine, blockRows: 0 })
    await expect(odd).rejects.toThrowError(failsWith('INVALID_ARGUMENT'))
  })

  it('stops when its caller does', async () => {
    const large = generateVectors('normal', { rows: 20_000, columns: 64, seed: 1 })
    const index = await createExactIndex({ vectors: large, metric: 'euclidean', engine })
    const abort = new AbortController()
    const searching = index.nearest(large, { k: 5, signal: abort.signal })
    setTimeout(() => abort.abort(), 30)
    await expect(searching).rejects.toThrowError(failsWith('ABORTED'))
    const signal = AbortSignal.abort()
    await expect(
      createExactIndex({ vectors, metric: 'cosine', engine, signal }),
    ).rejects.toThrowError(failsWith('ABORTED'))
    const [found] = await index.nearest(
      createMatrix({ data: large.data.slice(0, 64), columns: 64 }),
      { k: 1 },
    )
    expect(found?.[0]?.row).toBe(0)
    await index.close()
  })

  it('is closed once and for all, by itself or with its engine', async () => {
    const other = createEngine({ threads: 1 })
    const index = await createExactIndex({ vectors, metric: 'cosine', engine })
    const orphan = await createExactIndex({ vectors, metric: 'cosine', engine: other })
    await index.close()
    await index.close()
    await other.close()
    await expect(index.nearest(queries, { k: 1 })).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
    await expect(orphan.nearest(queries, { k: 1 })).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
    await orphan.close()
  })
})
