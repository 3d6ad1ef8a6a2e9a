import { createMatrix, createRandom, type Matrix, type VectorIndex } from '@assay/core'
import { bruteForceIndex } from '@assay/core/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  drawReferences,
  drawRow,
  kinds,
  nearByComparison,
  nextAbove,
  shape,
} from '../__fixtures__/reference-sets.js'
import { poolProjection } from './pool-projection.js'
import type { Projection } from './projection.js'
import { referencesInIndex } from './references-in-index.js'

const pooling = poolProjection({ ...shape, pool: 2 })

/** The index of projected rows, by comparing them all. */
function indexOf(vectors: Matrix, projection: Projection | null): VectorIndex {
  if (!projection) return bruteForceIndex(vectors, 'euclidean')
  const { rows, columns } = vectors
  const data = Array.from({ length: rows }, (_, row) => [
    ...projection.project(vectors.data.subarray(row * columns, (row + 1) * columns)),
  ])
  return bruteForceIndex(createMatrix({ data }), 'euclidean')
}

const search = (vectors: Matrix, projection: Projection | null) =>
  referencesInIndex({
    index: indexOf(vectors, projection),
    vectors,
    ...(projection && { projection }),
  })

const fails = (code: string) => expect.objectContaining({ code })

describe('referencesInIndex', () => {
  it.each([
    ['of the references', null],
    ['of their projections', pooling],
  ])(
    'equals a comparison with every row in 10,000 searches, an index %s',
    async (_, projection) => {
      let searches = 0
      let found = 0
      for (const [seed, kind] of kinds.entries()) {
        const vectors = drawReferences(kind, 120, seed)
        const references = search(vectors, projection)
        const random = createRandom(seed + 10)
        for (let round = 0; round < 100; round += 1) {
          const points = Array.from({ length: 20 }, () => drawRow(kind, random))
          // A distance itself, which strict comparison leaves out, or the next number, which takes it in.
          const [pick = points[0]!] = points
          const all = nearByComparison(pick, vectors, Number.POSITIVE_INFINITY)
          const tie = all.map(({ distance }) => distance).sort((a, b) => a - b)[random.integer(40)]!
          const radius = round % 2 === 0 ? tie : nextAbove(tie)
          const near = await references.within(points, { radius })
          for (const [at, point] of points.entries()) {
            const wanted = nearByComparison(point, vectors, radius)
            // Comparing arrays 10,000 times is slow; a difference is shown in full.
            const same =
              wanted.length === near[at]?.length &&
              wanted.every(({ row, distance }, place) => {
                const each = near[at]?.[place]
                return each?.row === row && each.distance === distance
              })
            if (!same) expect(near[at]).toEqual(wanted)
            searches += 1
            found += wanted.length
          }
        }
      }
      expect(searches).toBe(10_000)
      expect(found).toBeGreaterThan(20_000)
    },
  )

  it('finds vectors of any numbers', async () => {
    const number = fc.oneof(
      fc.integer({ min: -2, max: 2 }),
      fc.float({ min: -(2 ** 60), max: 2 ** 60, noNaN: true }),
    )
    const row = fc.array(number, { minLength: 4, maxLength: 4 })
    const projection = poolProjection({ channels: 1, height: 2, width: 2, pool: 2 })
    const rows = fc.array(row, { minLength: 1, maxLength: 20 })
    const property = fc.asyncProperty(rows, row, fc.nat(), async (data, start, pick) => {
      const vectors = createMatrix({ data })
      const point = Float64Array.from(start, (value) => value / 3)
      const distances = data.map((_, at) =>
        Math.hypot(...point.map((value, column) => value - vectors.data[at * 4 + column]!)),
      )
      const radius = distances[pick % distances.length]! * (1 + 1e-15)
      const options = { radius }
      const [projected] = await search(vectors, projection).within([point], options)
      const [plain] = await search(vectors, null).within([point], options)
      expect(projected).toEqual(plain)
      expect(plain?.length).toBeGreaterThanOrEqual(
        distances.filter((distance) => distance < radius * (1 - 1e-14)).length,
      )
    })
    await fc.assert(property, { seed: 3, numRuns: 1000 })
  })

  it('reads only what may be near, in ascending rows', async () => {
    const vectors = drawReferences('normal', 200, 1)
    const asked: number[][] = []
    const references = referencesInIndex({
      index: indexOf(vectors, pooling),
      projection: pooling,
      async vectors(rows, { visit }) {
        asked.push([...rows])
        // One vector for all, and the last row first: both are allowed.
        const vector = new Float32Array(32)
        for (const row of rows.toReversed()) {
          vector.set(vectors.data.subarray(row * 32, (row + 1) * 32))
          visit(row, vector)
        }
      },
    })
    const point = drawRow('normal', createRandom(1))
    const [near = []] = await references.within([point], { radius: 3 })
    expect(near).toEqual(nearByComparison(point, vectors, 3))
    const [rows = []] = asked
    expect(asked).toHaveLength(1)
    expect(rows).toEqual([...rows].sort((a, b) => a - b))
    expect(rows.length).toBeLessThan(100)
    expect(rows).toEqual(expect.arrayContaining(near.map(({ row }) => row)))
  })

  it('finds nothing at a radius of 0 or below, and nothing for no point', async () => {
    const vectors = drawReferences('normal', 5, 1)
    const references = search(vectors, null)
    const copy = Float64Array.from(vectors.data.subarray(0, 32))
    expect(await references.within([copy], { radius: 0 })).toEqual([[]])
    expect(await references.within([copy], { radius: -1 })).toEqual([[]])
    expect(await references.within([], { radius: 1 })).toEqual([])
    const [near] = await references.within([copy], { radius: Number.MIN_VALUE })
    expect(near).toMatchObject([{ row: 0, distance: 0 }])
  })

  it('says what it is made of', () => {
    const vectors = { ...drawReferences('normal', 5, 1), fingerprint: 'space' }
    const references = search(vectors, pooling)
    expect(references).toMatchObject({ size: 5, dimensions: 32, fingerprint: 'space' })
  })

  it('refuses an index that may miss references, unless that is allowed', () => {
    const vectors = drawReferences('normal', 5, 1)
    const index = { ...indexOf(vectors, null), exact: false, id: 'fast' }
    expect(() => referencesInIndex({ index, vectors })).toThrowError(fails('INVALID_ARGUMENT'))
    expect(referencesInIndex({ index, vectors, allowApproximate: true }).size).toBe(5)
  })

  it('refuses an index by another metric, and parts that do not fit', () => {
    const vectors = drawReferences('normal', 5, 1)
    const cosine = bruteForceIndex(vectors, 'cosine')
    expect(() => referencesInIndex({ index: cosine, vectors })).toThrowError(
      fails('INVALID_ARGUMENT'),
    )
    const index = indexOf(vectors, null)
    const fewer = drawReferences('normal', 4, 1)
    const narrow = createMatrix({ data: [[1, 2]] })
    for (const options of [
      { index, vectors: fewer },
      { index, vectors: narrow },
      { index, vectors, projection: pooling },
    ]) {
      expect(() => referencesInIndex(options)).toThrowError(fails('SHAPE_MISMATCH'))
    }
  })

  it('refuses predictions of another length, and what is no number', async () => {
    const vectors = drawReferences('normal', 5, 1)
    const within = (point: Float64Array, radius: number) =>
      search(vectors, pooling).within([point], { radius })
    await expect(within(new Float64Array(31), 1)).rejects.toThrowError(fails('SHAPE_MISMATCH'))
    await expect(within(new Float64Array(32).fill(Number.NaN), 1)).rejects.toThrowError(
      fails('NOT_FINITE'),
    )
    await expect(within(new Float64Array(32), Number.NaN)).rejects.toThrowError(
      fails('INVALID_ARGUMENT'),
    )
  })

  it('stops at a radius that takes in more than may be held', async () => {
    const vectors = drawReferences('normal', 50, 1)
    const index = indexOf(vectors, null)
    const references = referencesInIndex({ index, vectors, mostNumbers: 49 * 32 })
    const point = new Float64Array(32)
    const everything = { radius: Number.POSITIVE_INFINITY }
    await expect(references.within([point], everything)).rejects.toThrowError(
      fails('LIMIT_EXCEEDED'),
    )
    const [all] = await referencesInIndex({ index, vectors }).within([point], everything)
    expect(all).toHaveLength(50)
  })

  it('stops when it is told to', async () => {
    const vectors = drawReferences('normal', 5, 1)
    const controller = new AbortController()
    const references = referencesInIndex({
      index: {
        ...indexOf(vectors, null),
        async within() {
          controller.abort()
          return [[{ id: '0', row: 0, score: 0 }]]
        },
      },
      vectors,
    })
    const { signal } = controller
    await expect(
      references.within([new Float64Array(32)], { radius: 1, signal }),
    ).rejects.toThrowError(fails('ABORTED'))
  })
})
