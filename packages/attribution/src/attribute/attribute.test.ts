import {
  createMatrix,
  createRandom,
  type Matrix,
  type Measure,
  type VectorIndex,
} from '@assay/core'
import { bruteForceIndex } from '@assay/core/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Calibration } from '../calibration/calibration.js'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { applyHead } from '../head/apply-head.js'
import { createAttributionHead } from '../head/create-attribution-head.js'
import { softInfluence } from '../influence/soft-influence.js'
import { identityHead, latticeFeatures, randomHead } from './__fixtures__/attribution-set.js'
import { attribute } from './attribute.js'
import type { AttributeOptions } from './attribute-options.js'

const calibrationOf = (
  inverseTemperature: number,
  bias: number,
  more: Partial<Calibration> = {},
): Calibration => ({
  specificationVersion: 1,
  inverseTemperature,
  bias,
  fingerprint: null,
  fittedOn: null,
  ...more,
})

const fittedOn = {
  queries: 10,
  exemplars: 10,
  candidates: 301,
  loss: 0.2,
  steps: 5,
  converged: true,
  atBounds: [],
}

const code = (code: string, more: object = {}) => expect.objectContaining({ code, ...more })

/** Cosines in float64 of the float32 unit rows that mapping gives. */
function cosines(query: Matrix, pool: Matrix): number[] {
  const { columns } = pool
  return Array.from({ length: pool.rows }, (_, row) => {
    let sum = 0
    for (let at = 0; at < columns; at++) sum += query.data[at]! * pool.data[row * columns + at]!
    return sum
  })
}

describe('attribute', () => {
  const columns = 6
  const pool = latticeFeatures({ rows: 300, columns, seed: 1, named: true })
  const queries = latticeFeatures({ rows: 5, columns, seed: 2 })
  const source = featuresFromMatrix(pool)

  it.each([
    [12, -0.05],
    [2, -0.02],
    [5, 0],
    [8, 0.01],
  ])('gives what all scores, sorted, and softInfluence give at t = %d, b = %d', async (t, b) => {
    const head = await randomHead(columns, 3)
    const calibration = calibrationOf(t, b)
    const k = 25
    const { attributions } = await attribute({ queries, pool: source, head, calibration, k })
    const mappedPool = applyHead({ head, side: 'real', features: pool })
    const mappedQueries = applyHead({ head, side: 'synthetic', features: queries })
    attributions.forEach(({ query, matches, remainingInfluence, support, failure }, row) => {
      const own = mappedQueries.data.subarray(row * columns, (row + 1) * columns)
      const scores = cosines({ ...mappedQueries, data: own }, mappedPool)
      const influence = softInfluence(scores, calibration)
      const order = scores
        .map((score, at) => ({ score, id: pool.ids![at]!, influence: influence[at]! }))
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      expect([query, failure]).toEqual([String(row), null])
      expect(matches.map(({ id, score }) => [id, score])).toEqual(
        order.slice(0, k).map(({ id, score }) => [id, score]),
      )
      expect(matches.map(({ rank }) => rank)).toEqual(order.slice(0, k).map((_, at) => at + 1))
      matches.forEach((match, at) => {
        expect(match.influence).toBeCloseTo(order[at]!.influence, 13)
      })
      expect(support).toBe(influence.filter((value) => value > 0).length)
      const rest = order.slice(k).reduce((sum, item) => sum + item.influence, 0)
      expect(remainingInfluence).toBeCloseTo(rest, 13)
    })
  })

  it('gives the same to the last bit over an index, whatever the calibration', async () => {
    const head = await randomHead(columns, 4)
    const index = bruteForceIndex(
      applyHead({ head, side: 'real', features: pool }),
      'inner-product',
    )
    const property = fc.asyncProperty(
      fc.constantFrom(null, [30, -0.3], [3, -0.05], [0.4, -0.2], [4, 0], [2, 0.02]),
      fc.integer({ min: 1, max: 310 }),
      fc.integer(),
      async (form, k, seed) => {
        const calibration = form && calibrationOf(form[0]!, form[1]!)
        const asked = latticeFeatures({ rows: 3, columns, seed })
        const labels = pool.ids!.map((id) => (id < 'p3' ? null : id.slice(0, 2)))
        const options = { queries: asked, head, calibration, k, labels }
        const streamed = await attribute({ ...options, pool: source })
        expect(await attribute({ ...options, pool: index })).toEqual(streamed)
      },
    )
    await fc.assert(property, { seed: 9, numRuns: 60 })
  })

  it('orders equal scores by id, or by row where there are no ids', async () => {
    const data = Array.from({ length: 30 }, () => [2, 1])
    const asked = createMatrix({ data: [[1, 1]] })
    const ids = data.map((_, row) => `id-${(row * 11) % 30}`)
    for (const [names, expected] of [
      [ids, ids.toSorted().slice(0, 12)],
      [null, Array.from({ length: 12 }, (_, row) => String(row))],
    ] as const) {
      const features = createMatrix({ data, ids: names })
      const { attributions } = await attribute({
        queries: asked,
        pool: featuresFromMatrix(features),
        k: 12,
      })
      expect(attributions[0]?.matches.map(({ id }) => id)).toEqual(expected)
    }
  })

  it('does not depend on the blocks of the pool or the other queries', async () => {
    const many = latticeFeatures({ rows: 30_000, columns: 3, seed: 5 })
    const calibration = calibrationOf(40, -0.2)
    const whole = featuresFromMatrix(many)
    const inBlocks = { ...whole, blocks: () => whole.blocks({ rows: 77 }) }
    const asked = latticeFeatures({ rows: 4, columns: 3, seed: 6 })
    const together = await attribute({ queries: asked, pool: whole, calibration })
    expect(await attribute({ queries: asked, pool: inBlocks, calibration })).toEqual(together)
    const last = createMatrix({ data: asked.data.slice(9), columns: 3, fingerprint: 'encoder' })
    const alone = await attribute({ queries: last, pool: whole, calibration })
    expect(alone.attributions[0]).toEqual({ ...together.attributions[3], query: '0' })
  })

  it('does not change by a bit for pictures without influence', async () => {
    const calibration = calibrationOf(15, -0.1)
    const asked = createMatrix({ data: [[1, 0]] })
    const few = createMatrix({
      data: [
        [9, 1],
        [8, 2],
        [7, 3],
      ],
    })
    const far = Array.from({ length: 5000 }, (_, row) => [-1, (row % 7) - 3])
    const more = createMatrix({ data: [...far, [9, 1], [8, 2], [7, 3], ...far] })
    const [small, large] = await Promise.all(
      [few, more].map((features) =>
        attribute({ queries: asked, pool: featuresFromMatrix(features), calibration, k: 3 }),
      ),
    )
    const numbers = (report: typeof small) =>
      report!.attributions.map(({ matches, remainingInfluence, support }) => [
        matches.map(({ score, influence }) => [score, influence]),
        remainingInfluence,
        support,
      ])
    expect(numbers(large)).toEqual(numbers(small))
    expect(small?.attributions[0]?.remainingInfluence).toBe(0)
  })

  it('asks an index for all above the score at which influence ends, each output by its own', async () => {
    const calibration = calibrationOf(3, -0.05)
    const large = latticeFeatures({ rows: 5000, columns, seed: 8 })
    const inner = bruteForceIndex({ ...large, ...unit(large) }, 'cosine')
    const counts: number[] = []
    const radii: number[] = []
    const index: VectorIndex = {
      ...inner,
      nearest(matrix, options) {
        counts.push(options.k)
        return inner.nearest(matrix, options)
      },
      within(matrix, options) {
        radii.push(...[options.radius].flat())
        return inner.within(matrix, options)
      },
    }
    const { attributions } = await attribute({ queries, pool: index, calibration, k: 1 })
    for (const { matches, remainingInfluence, support } of attributions) {
      expect(support!).toBeGreaterThan(16)
      expect(matches[0]!.influence! + remainingInfluence!).toBeCloseTo(1, 12)
    }
    expect(counts).toEqual([16])
    expect(radii).toHaveLength(attributions.length)
    expect(new Set(radii).size).toBeGreaterThan(1)
    attributions.forEach(({ matches }, at) => {
      expect(radii[at]).toBeCloseTo(matches[0]!.score + Math.log(0.05) / 3, 8)
    })
  })

  it('is the same with a head of identity maps as with none', async () => {
    const head = await identityHead(columns)
    const calibration = calibrationOf(10, -0.1)
    const plain = await attribute({ queries, pool: source, calibration })
    const mapped = await attribute({ queries, pool: source, head, calibration })
    expect(mapped.attributions).toEqual(plain.attributions)
    expect(plain.fingerprint).toBe('encoder')
    expect(mapped.fingerprint).toBe(`${head.fingerprint}/synthetic`)
  })

  it('takes the better of two views, of features and of indexes alike', async () => {
    const mirrored = { ...latticeFeatures({ rows: 300, columns, seed: 77 }), ids: pool.ids }
    const calibration = calibrationOf(6, -0.1)
    const options = { queries, calibration, k: 9 }
    const both = await attribute({ ...options, pool: featuresFromMatrix(pool, { mirrored }) })
    const [first, second] = [unit(pool), unit(mirrored)]
    const views = { pool: bruteForceIndex(first, 'inner-product') }
    const mirroredIndex = bruteForceIndex(second, 'inner-product')
    expect(await attribute({ ...options, ...views, mirrored: mirroredIndex })).toEqual(both)
    both.attributions.forEach(({ matches }, row) => {
      const own = { ...queries, data: unit(queries).data.subarray(row * columns) }
      const scores = cosines(own, first).map((score, at) =>
        Math.max(score, cosines(own, second)[at]!),
      )
      expect(matches[0]?.score).toBe(Math.max(...scores))
    })
  })

  it('sums influence by label over the whole pool', async () => {
    const labels = pool.ids!.map((id) => (id.length < 4 ? null : `artist ${id.length}`))
    const calibration = calibrationOf(2, -0.05)
    const { attributions } = await attribute({ queries, pool: source, calibration, labels, k: 1 })
    const { attributions: all } = await attribute({ queries, pool: source, calibration, k: 300 })
    attributions.forEach(({ groups, matches }, row) => {
      expect(matches[0]!.group).toBe(labels[pool.ids!.indexOf(matches[0]!.id)])
      for (const { group, influence } of groups!) {
        const members = all[row]!.matches.filter(
          ({ id }) => labels[pool.ids!.indexOf(id)] === group,
        )
        const sum = members.reduce((total, match) => total + match.influence!, 0)
        expect(influence).toBeCloseTo(sum, 12)
      }
      const shares = groups!.map(({ influence }) => influence)
      expect(shares).toEqual(shares.toSorted((a, b) => b - a))
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    })
  })

  it('leaves influence out where there is no calibration', async () => {
    const { attributions } = await attribute({ queries, pool: source, k: 2 })
    expect(attributions[0]).toMatchObject({ remainingInfluence: null, support: null, groups: null })
    expect(attributions[0]?.matches.map(({ influence }) => influence)).toEqual([null, null])
  })

  describe('warns', () => {
    const warningsOf = async (options: Partial<AttributeOptions>) =>
      (await attribute({ queries, pool: source, ...options })).warnings

    it('of more matches than pictures, and gives all', async () => {
      const report = await attribute({ queries, pool: source, k: 1000 })
      expect(report.attributions.every(({ matches }) => matches.length === 300)).toBe(true)
      expect(report.warnings).toMatchObject([{ code: 'K_EXCEEDS_POOL', count: 700 }])
    })

    it('of pictures without direction, which score 0', async () => {
      const data = [
        [1, 1],
        [0, 0],
        [-1, 0],
        [0, 0],
      ]
      const holed = featuresFromMatrix(createMatrix({ data }))
      const asked = createMatrix({ data: [[1, 0]] })
      const { attributions, warnings } = await attribute({
        queries: asked,
        pool: holed,
        k: 4,
      })
      expect(attributions[0]?.matches.map(({ id, score }) => [id, Math.round(score)])).toEqual([
        ['0', 1],
        ['1', 0],
        ['3', 0],
        ['2', -1],
      ])
      expect(warnings).toMatchObject([{ code: 'ZERO_POOL_ROWS', count: 2 }])
    })

    it('of a bias above 0 over more pictures than the fit saw', async () => {
      expect(await warningsOf({ calibration: calibrationOf(9, 0.01) })).toMatchObject([
        { code: 'POSITIVE_BIAS', count: 300 },
      ])
      const fitted = { fittedOn: { ...fittedOn, candidates: 200 } }
      expect(await warningsOf({ calibration: calibrationOf(9, 0.01, fitted) })).toMatchObject([
        { code: 'POSITIVE_BIAS', count: 100 },
      ])
      expect(await warningsOf({ calibration: calibrationOf(9, 0.01, { fittedOn }) })).toEqual([])
      expect(await warningsOf({ calibration: calibrationOf(9, -0.01, fitted) })).toEqual([])
    })

    it('of a calibration whose fit ended badly', async () => {
      const atBounds = ['bias'] as const
      const bound = calibrationOf(9, -0.5, { fittedOn: { ...fittedOn, atBounds } })
      expect(await warningsOf({ calibration: bound })).toMatchObject([
        { code: 'CALIBRATION_SUSPECT', message: expect.stringContaining('bias') },
      ])
      const lost = calibrationOf(9, -0.1, { fittedOn: { ...fittedOn, converged: false } })
      expect(await warningsOf({ calibration: lost })).toMatchObject([
        { code: 'CALIBRATION_SUSPECT', message: expect.stringContaining('converge') },
      ])
    })
  })

  describe('judges the other outputs where one', () => {
    it.each([
      ['is not finite', [Number.NaN, 1], 'NOT_FINITE'],
      ['has no direction', [0, 0], 'ZERO_VECTOR'],
    ])('%s', async (_, broken, failure) => {
      const asked = createMatrix({ data: [[1, 0], broken, [0, 1]], ids: ['a', 'b', 'c'] })
      const features = featuresFromMatrix(
        createMatrix({
          data: [
            [1, 0.1],
            [0.1, 1],
          ],
        }),
      )
      const { attributions, warnings } = await attribute({ queries: asked, pool: features, k: 1 })
      expect(attributions.map(({ query, matches }) => [query, matches[0]?.id])).toEqual([
        ['a', '0'],
        ['b', undefined],
        ['c', '1'],
      ])
      expect(attributions[1]).toMatchObject({
        matches: [],
        remainingInfluence: null,
        failure: { id: 'b', stage: 'attribute', code: failure, location: { row: 1, id: 'b' } },
      })
      expect(warnings).toMatchObject([{ code: 'FAILED_QUERIES', count: 1 }])
    })

    it('is brought to zero by the head', async () => {
      const map = {
        form: 'channel' as const,
        columns: 2,
        outputColumns: 2,
        scale: Float64Array.of(1, 0),
      }
      const head = await createAttributionHead({
        real: map,
        expects: { normalized: false, fingerprint: null },
      })
      const asked = createMatrix({
        data: [
          [0, 3],
          [1, 1],
        ],
      })
      const features = featuresFromMatrix(createMatrix({ data: [[2, 1]] }))
      const { attributions } = await attribute({ queries: asked, pool: features, head })
      expect(attributions[0]?.failure).toMatchObject({ code: 'ZERO_VECTOR', id: '0' })
      expect(attributions[1]?.matches[0]?.score).toBe(1)
    })
  })

  describe('refuses', () => {
    const reject = (options: Partial<AttributeOptions>, failure: unknown) =>
      expect(attribute({ queries, pool: source, ...options })).rejects.toThrowError(
        failure as Error,
      )

    it('an index that the wrong side of the head mapped, another head, or none', async () => {
      const [head, other] = [await randomHead(columns, 3), await randomHead(columns, 99)]
      const indexOf = (features: Matrix) => bruteForceIndex(features, 'inner-product')
      const wrong = [
        applyHead({ head, side: 'synthetic', features: pool }),
        applyHead({ head: other, side: 'real', features: pool }),
        pool,
        { ...pool, fingerprint: null },
      ]
      for (const features of wrong) {
        await reject({ head, pool: indexOf(features) }, code('FINGERPRINT_MISMATCH'))
      }
      const right = indexOf(applyHead({ head, side: 'real', features: pool }))
      await reject({ pool: right }, code('FINGERPRINT_MISMATCH'))
      await reject({ head, pool: right, mirrored: indexOf(pool) }, code('FINGERPRINT_MISMATCH'))
    })

    it('features that the head was not trained on', async () => {
      const head = await randomHead(columns, 3)
      const normalized = featuresFromMatrix({ ...pool, ...unit(pool) })
      await reject({ head, pool: normalized }, code('NORMALIZATION_MISMATCH'))
      await reject({ head, queries: unit(queries) }, code('NORMALIZATION_MISMATCH'))
      const elsewhere = { ...queries, fingerprint: 'another encoder' }
      await reject({ head, queries: elsewhere }, code('FINGERPRINT_MISMATCH'))
      await reject({ queries: elsewhere }, code('FINGERPRINT_MISMATCH'))
      const short = createMatrix({ data: [[1, 2]] })
      await reject({ queries: short }, code('SHAPE_MISMATCH'))
    })

    it('a calibration of other scores, or one that cannot be applied', async () => {
      const foreign = calibrationOf(9, -0.1, { fingerprint: 'attribution-head:x/synthetic' })
      await reject({ calibration: foreign }, code('FINGERPRINT_MISMATCH'))
      await reject({ calibration: calibrationOf(0.78, -3.74) }, code('INVALID_ARGUMENT'))
    })

    it('an empty pool, and labels or a second index of another size', async () => {
      const empty = bruteForceIndex(createMatrix({ data: [], columns }), 'cosine')
      await reject({ pool: empty }, code('EMPTY_INPUT'))
      await reject({ labels: ['one'] }, code('SHAPE_MISMATCH'))
      const index = bruteForceIndex(unit(pool), 'cosine')
      await reject({ pool: index, mirrored: empty }, code('SHAPE_MISMATCH'))
      await reject({ mirrored: index }, code('INVALID_ARGUMENT'))
      for (const k of [0, 1.5, Number.NaN]) await reject({ k }, code('INVALID_ARGUMENT'))
    })

    it('an index whose scores are no cosines', async () => {
      await reject({ pool: bruteForceIndex(unit(pool), 'euclidean') }, code('INVALID_ARGUMENT'))
      const raw = bruteForceIndex(pool, 'inner-product')
      await reject({ pool: raw }, code('NORMALIZATION_MISMATCH'))
    })

    it('to go on where it is told to stop', async () => {
      await reject({ signal: AbortSignal.abort() }, code('ABORTED'))
      const index = bruteForceIndex(unit(pool), 'cosine')
      await reject({ pool: index, signal: AbortSignal.abort() }, code('ABORTED'))
    })
  })

  describe('over an approximate index', () => {
    const { uniform } = createRandom(12)
    const exact = bruteForceIndex(unit(pool), 'inner-product')
    const lost = new Set(pool.ids!.filter(() => uniform() < 0.1))
    const recall: Measure = {
      id: 'recall@10',
      value: 0.9,
      unit: 'share',
      n: 1000,
      missing: 0,
      interval: { low: 0.87, high: 0.92, level: 0.95, method: 'clustered wilson' },
    }
    const index = {
      ...exact,
      id: 'approximate',
      exact: false,
      recall,
      nearest: async (...[asked, options]: Parameters<VectorIndex['nearest']>) => {
        const all = await exact.nearest(asked, { ...options, k: 300 })
        const found = all.map((list) => list.filter(({ id }) => !lost.has(id)))
        return found.map((list) => list.slice(0, options.k))
      },
    }

    it('passes on the measured recall, and warns', async () => {
      const calibration = calibrationOf(2, -0.1)
      const report = await attribute({ queries, pool: index, calibration, k: 300 })
      expect(report.recall).toBe(recall)
      expect(report.warnings).toMatchObject([
        { code: 'APPROXIMATE_INDEX', count: 300, message: expect.stringContaining('0.900') },
      ])
      for (const { matches, remainingInfluence } of report.attributions) {
        expect(matches).toHaveLength(300 - lost.size)
        expect(remainingInfluence).toBe(0)
      }
      expect((await attribute({ queries, pool: exact })).recall).toBeNull()
    })

    it('refuses a recall whose lower bound is below the floor, or that was not measured', async () => {
      const attributed = await attribute({ queries, pool: index, minimumRecall: 0.87 })
      expect(attributed.recall).toBe(recall)
      const refused = code('INVALID_ARGUMENT', { value: 0.87 })
      await expect(attribute({ queries, pool: index, minimumRecall: 0.9 })).rejects.toThrow(refused)
      const { recall: _, ...unmeasured } = index
      await expect(attribute({ queries, pool: unmeasured, minimumRecall: 0 })).rejects.toThrow(
        code('INVALID_ARGUMENT', { value: null }),
      )
      const report = await attribute({ queries, pool: unmeasured })
      expect(report.warnings[0]?.message).toContain('not measured')
      await attribute({ queries, pool: exact, minimumRecall: 1 })
    })

    it('has no influence to tell of where nothing was found', async () => {
      const blind = { ...index, nearest: async (asked: Matrix) => Array(asked.rows).fill([]) }
      const calibration = calibrationOf(2, -0.1)
      const { attributions } = await attribute({ queries, pool: blind, calibration })
      expect(attributions[0]).toMatchObject({
        matches: [],
        remainingInfluence: null,
        support: null,
      })
    })
  })
})

/** The rows at unit length. */
function unit(matrix: Matrix): Matrix {
  const { data, rows, columns } = matrix
  const unit = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    const values = data.subarray(row * columns, (row + 1) * columns)
    const length = Math.hypot(...values)
    values.forEach((value, at) => {
      unit[row * columns + at] = value / length
    })
  }
  return { ...matrix, data: unit, normalized: true }
}
