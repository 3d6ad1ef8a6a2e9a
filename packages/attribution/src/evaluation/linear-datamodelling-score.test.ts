import type { RowVectors } from '@assay/core/linear-algebra'
import { mulberry32 } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { linearDatamodellingScore } from './linear-datamodelling-score.js'

const failsWith = (code: string) => expect.objectContaining({ code })

const rowsOf = (rows: readonly (readonly number[])[]): RowVectors => ({
  data: Float64Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
})

const golden = {
  masks: rowsOf([
    [1, 1, 0, 0, 1],
    [0, 1, 1, 1, 0],
    [1, 0, 1, 0, 1],
    [0, 0, 1, 1, 1],
    [1, 1, 1, 0, 0],
    [1, 0, 0, 1, 1],
  ]),
  outputs: rowsOf([
    [0.3, 0.9],
    [0.8, 0.1],
    [1.2, 0.6],
    [0.85, 0.35],
    [1, 0.3],
    [0.6, 0.95],
  ]),
  scores: rowsOf([
    [0.5, -0.2, 0.9, 0.1, 0],
    [0.1, 0.4, -0.3, 0.2, 0.8],
  ]),
}

/** Additive influence a, half-subsets, and what models that add it up would give. */
function additiveWorld(queries: number) {
  const { normal, uniform } = mulberry32(11)
  const [items, subsets] = [500, 64]
  const normals = (rows: number): RowVectors => ({
    data: Float64Array.from({ length: rows * items }, normal),
    rows,
    columns: items,
  })
  const truth = normals(queries)
  const masks: RowVectors = {
    data: new Float64Array(subsets * items),
    rows: subsets,
    columns: items,
  }
  for (let subset = 0; subset < subsets; subset++) {
    const order = Array.from({ length: items }, (_, item) => ({ item, key: uniform() }))
    order.sort((a, b) => a.key - b.key)
    for (const { item } of order.slice(0, items / 2)) masks.data[subset * items + item] = 1
  }
  const outputs: RowVectors = {
    data: new Float64Array(subsets * queries),
    rows: subsets,
    columns: queries,
  }
  for (let subset = 0; subset < subsets; subset++) {
    for (let query = 0; query < queries; query++) {
      for (let item = 0; item < items; item++) {
        const share = masks.data[subset * items + item]! * truth.data[query * items + item]!
        outputs.data[subset * queries + query]! += share
      }
    }
  }
  const noisy = (sigma: number): RowVectors => ({
    ...truth,
    data: truth.data.map((value) => value + sigma * normal()),
  })
  const largest = (k: number): RowVectors => {
    const data = new Float64Array(truth.data.length)
    for (let query = 0; query < queries; query++) {
      const own = truth.data.subarray(query * items, (query + 1) * items)
      const order = [...own.keys()].sort((a, b) => Math.abs(own[b]!) - Math.abs(own[a]!))
      for (const item of order.slice(0, k)) data[query * items + item] = own[item]!
    }
    return { ...truth, data }
  }
  return { masks, outputs, truth, noisy, largest, random: () => normals(queries) }
}

describe('linearDatamodellingScore', () => {
  it('gives the golden values', () => {
    const { value, perQuery, subsets, noiseFloor } = linearDatamodellingScore(golden)
    expect(perQuery[0]).toBeCloseTo(1, 12)
    expect(perQuery[1]).toBeCloseTo(0.8285714286, 9)
    expect(value).toBeCloseTo(0.9142857143, 9)
    expect(subsets).toBe(6)
    expect(noiseFloor).toBeCloseTo(1 / Math.sqrt(5), 14)
  })

  it('turns round where outputs are losses', () => {
    const loss = linearDatamodellingScore({ ...golden, outputsAre: 'loss' })
    expect(loss.value).toBeCloseTo(-0.9142857143, 9)
  })

  it('falls with noise as theory says, and is near 0 within its noise floor for random scores', () => {
    const world = additiveWorld(200)
    const scoreOf = (scores: RowVectors) =>
      linearDatamodellingScore({ masks: world.masks, outputs: world.outputs, scores })
    expect(scoreOf(world.truth).value).toBeCloseTo(1, 12)
    for (const [sigma, expected] of [
      [0.5, 0.879],
      [1, 0.685],
      [3, 0.303],
    ] as const) {
      const { value, interval } = scoreOf(world.noisy(sigma))
      expect(Math.abs(value! - expected)).toBeLessThan(0.03)
      expect(interval!.low).toBeLessThan(value!)
      expect(interval!.high).toBeGreaterThan(value!)
    }
    const random = scoreOf(world.random())
    expect(Math.abs(random.value!)).toBeLessThan(0.04)
    const spread = Math.hypot(...random.perQuery.map((value) => value!)) / Math.sqrt(200)
    expect(Math.abs(spread - random.noiseFloor)).toBeLessThan(0.02)
    expect(random.noiseFloor).toBeCloseTo(0.126, 3)
  })

  it('falls where only the largest scores are kept, and warns of that', () => {
    const world = additiveWorld(60)
    const scoreOf = (scores: RowVectors) =>
      linearDatamodellingScore({ masks: world.masks, outputs: world.outputs, scores })
    for (const [k, expected] of [
      [25, 0.506],
      [100, 0.788],
      [250, 0.955],
    ] as const) {
      const { value, warnings } = scoreOf(world.largest(k))
      expect(Math.abs(value! - expected)).toBeLessThan(0.05)
      expect(warnings).toEqual([expect.objectContaining({ code: 'SCORES_INCOMPLETE', count: 60 })])
    }
    expect(scoreOf(world.truth).warnings).toEqual([])
  })

  it('counts a query without spread as missing, with a reason where none is left', () => {
    const flat = rowsOf([[0, 0, 0, 0, 0]])
    const outputs = rowsOf([[1], [2], [3], [4], [5], [6]])
    const { value, missing, perQuery, reason } = linearDatamodellingScore({
      ...{ masks: golden.masks, outputs, scores: flat },
    })
    expect([value, missing, perQuery]).toEqual([null, 1, [null]])
    expect(reason).toMatch(/equal/)
  })

  it('refuses arrays that do not belong together', () => {
    const wrong: [object, string][] = [
      [{ scores: golden.outputs }, 'SHAPE_MISMATCH'],
      [{ outputs: rowsOf([[1, 2]]) }, 'SHAPE_MISMATCH'],
      [{ clusters: ['a'] }, 'SHAPE_MISMATCH'],
      [{ masks: { ...golden.masks, data: golden.masks.data.slice(1) } }, 'SHAPE_MISMATCH'],
      [
        { masks: { ...golden.masks, data: golden.masks.data.map((bit) => bit / 2) } },
        'INVALID_ARGUMENT',
      ],
      [{ masks: rowsOf([[1, 0, 1, 0, 1]]), outputs: rowsOf([[1, 2]]) }, 'INVALID_ARGUMENT'],
      [{ scores: rowsOf([]) }, 'EMPTY_INPUT'],
      [
        { scores: { ...golden.scores, data: golden.scores.data.map(() => Number.NaN) } },
        'NOT_FINITE',
      ],
    ]
    for (const [part, code] of wrong) {
      expect(() => linearDatamodellingScore({ ...golden, ...part })).toThrow(failsWith(code))
    }
  })
})
