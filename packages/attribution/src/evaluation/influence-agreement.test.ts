import { mulberry32 } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import oracle from './evaluation.oracle.json' with { type: 'json' }
import { influenceAgreement } from './influence-agreement.js'

const failsWith = (code: string) => expect.objectContaining({ code })

function normals(seed: number, rows: number, columns: number): Float64Array[] {
  const { normal } = mulberry32(seed)
  return Array.from({ length: rows }, () => Float64Array.from({ length: columns }, normal))
}

describe('influenceAgreement', () => {
  it('agrees with SciPy, output by output', () => {
    const noise = normals(22, 6, 30)
    const outputs = normals(21, 6, 30).map((truth, output) => ({
      truth,
      // Zeros, as soft influence has them, are ties.
      influence: truth.map((value, at) => Math.max(0, value + noise[output]![at]!)),
    }))
    const { pearson, spearman } = influenceAgreement(outputs)
    oracle.agreement.forEach((expected, output) => {
      expect(pearson.perOutput[output]).toBeCloseTo(expected.pearson, 12)
      expect(spearman.perOutput[output]).toBeCloseTo(expected.spearman, 12)
    })
    expect(pearson.n).toBe(6)
    expect(pearson.interval!.low).toBeLessThan(pearson.value!)
  })

  it('is 1 for the truth itself, and counts what has no spread as missing', () => {
    const same = normals(23, 3, 10).map((truth) => ({ truth, influence: truth }))
    expect(influenceAgreement(same).spearman.value).toBeCloseTo(1, 12)
    const flat = { influence: new Float64Array(10), truth: same[0]!.truth }
    const some = influenceAgreement([flat, ...same.slice(1)])
    expect([some.pearson.n, some.pearson.missing]).toEqual([2, 1])
    expect(some.pearson.perOutput[0]).toBeNull()
    expect(influenceAgreement([flat]).pearson).toMatchObject({
      ...{ value: null, interval: null, n: 0, missing: 1 },
    })
  })

  it('has no interval over outputs of one model', () => {
    const outputs = normals(24, 3, 10).map((truth) => ({
      ...{ truth, influence: truth.map((value) => value ** 2), cluster: 'a' },
    }))
    expect(influenceAgreement(outputs).pearson).toMatchObject({
      ...{ interval: null, reason: expect.stringMatching(/clusters/) },
    })
  })

  it('refuses lists that do not belong together', () => {
    const [truth] = normals(25, 1, 10) as [Float64Array]
    const wrong = [
      [[], 'EMPTY_INPUT'],
      [[{ influence: [], truth: [] }], 'EMPTY_INPUT'],
      [[{ influence: truth.subarray(1), truth }], 'SHAPE_MISMATCH'],
      [[{ influence: truth.map(() => Number.NaN), truth }], 'NOT_FINITE'],
    ] as const
    for (const [outputs, code] of wrong) {
      expect(() => influenceAgreement(outputs)).toThrow(failsWith(code))
    }
  })
})
