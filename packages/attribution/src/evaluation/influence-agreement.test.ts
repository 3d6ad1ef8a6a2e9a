import { mulberry32 } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import oracle from './evaluation.oracle.json' with { type: 'json' }
import { influenceAgreement } from './influence-agreement.js'

const failsWith = (code: string) => expect.objectContaining({ code })

function normals(seed: number, rows: number, columns: number) {
  const { normal } = mulberry32(seed)
  return { data: Float64Array.from({ length: rows * columns }, normal), rows, columns }
}

describe('influenceAgreement', () => {
  it('agrees with SciPy, query by query', () => {
    const truth = normals(21, 6, 30)
    const noise = normals(22, 6, 30)
    const influence = {
      ...truth,
      // Zeros, as soft influence has them, are ties.
      data: truth.data.map((value, at) => Math.max(0, value + noise.data[at]!)),
    }
    const { pearson, spearman } = influenceAgreement({ influence, truth })
    oracle.agreement.forEach((expected, query) => {
      expect(pearson.perQuery[query]).toBeCloseTo(expected.pearson, 12)
      expect(spearman.perQuery[query]).toBeCloseTo(expected.spearman, 12)
    })
    expect(pearson.n).toBe(6)
    expect(pearson.interval!.low).toBeLessThan(pearson.value!)
  })

  it('is 1 for the truth itself, and counts what has no spread as missing', () => {
    const truth = normals(23, 3, 10)
    expect(influenceAgreement({ influence: truth, truth }).spearman.value).toBeCloseTo(1, 12)
    const flat = { ...truth, data: truth.data.map((value, at) => (at < 10 ? 0 : value)) }
    const some = influenceAgreement({ influence: flat, truth })
    expect([some.pearson.n, some.pearson.missing]).toEqual([2, 1])
    expect(some.pearson.perQuery[0]).toBeNull()
    const none = { ...truth, data: new Float64Array(30) }
    expect(influenceAgreement({ influence: none, truth }).pearson).toMatchObject({
      ...{ value: null, interval: null, n: 0, missing: 3 },
    })
  })

  it('refuses arrays that do not belong together', () => {
    const truth = normals(24, 3, 10)
    const options = { influence: truth, truth }
    expect(() => influenceAgreement({ ...options, influence: normals(1, 3, 9) })).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
    expect(() => influenceAgreement({ ...options, clusters: ['a'] })).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
    const empty = normals(1, 0, 10)
    expect(() => influenceAgreement({ influence: empty, truth: empty })).toThrow(
      failsWith('EMPTY_INPUT'),
    )
    const data = truth.data.map(() => Number.NaN)
    expect(() => influenceAgreement({ ...options, influence: { ...truth, data } })).toThrow(
      failsWith('NOT_FINITE'),
    )
  })
})
