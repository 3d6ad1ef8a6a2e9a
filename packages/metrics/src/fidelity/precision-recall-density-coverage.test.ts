import { createMatrix, selectRows } from '@assay/core'
import { euclideanDistance } from '@assay/core/linear-algebra'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalMatrix } from '../__fixtures__/normal-matrix.js'
import oracle from '../metrics.oracle.json' with { type: 'json' }
import { precisionRecallDensityCoverage } from './precision-recall-density-coverage.js'

const failsWith = (code: string) => expect.objectContaining({ code })

describe('precisionRecallDensityCoverage', () => {
  it.each(oracle.prdc)(
    'agrees with scikit-learn on $reference and $outputs rows of $columns, k = $neighbours',
    ({ seed, columns, neighbours, shift, result, ...sizes }) => {
      const reference = normalMatrix({ seed, rows: sizes.reference, columns })
      const outputs = normalMatrix({ seed: seed + 1, rows: sizes.outputs, columns, shift })
      const actual = precisionRecallDensityCoverage({ reference, outputs, neighbours })
      expect(actual.precision).toBeCloseTo(result.precision, 12)
      expect(actual.recall).toBeCloseTo(result.recall, 12)
      expect(actual.density).toBeCloseTo(result.density, 12)
      expect(actual.coverage).toBeCloseTo(result.coverage, 12)
      expect([...actual.byOutput.density]).toEqual(result.densityByOutput)
      expect([...actual.byReference.recall]).toEqual(result.recallByReference)
    },
  )

  it('is 1 all over for identical sets', () => {
    const set = normalMatrix({ seed: 1, rows: 40, columns: 6 })
    const { precision, recall, density, coverage } = precisionRecallDensityCoverage({
      reference: set,
      outputs: selectRows(set, [...Array(40).keys()].reverse()),
    })
    // A row lies within its own radius and, on average, within those of k - 1 others.
    expect([precision, recall, density, coverage]).toEqual([1, 1, 1, 1])
  })

  it('is 0 all over for sets that lie apart', () => {
    const reference = normalMatrix({ seed: 1, rows: 20, columns: 6 })
    const outputs = normalMatrix({ seed: 2, rows: 30, columns: 6, shift: 100 })
    expect(precisionRecallDensityCoverage({ reference, outputs })).toMatchObject({
      precision: 0,
      recall: 0,
      density: 0,
      coverage: 0,
    })
  })

  it('gives no recall and hardly any coverage to copies of one reference row', () => {
    const reference = normalMatrix({ seed: 3, rows: 300, columns: 16 })
    const outputs = selectRows(reference, Array(300).fill(7))
    const { precision, recall, coverage } = precisionRecallDensityCoverage({ reference, outputs })
    expect([precision, recall]).toEqual([1, 0])
    expect(coverage).toBeLessThan(0.05)
  })

  it('gives the values of single rows that its figures are the means of', () => {
    const reference = normalMatrix({ seed: 4, rows: 30, columns: 3 })
    const outputs = normalMatrix({ seed: 5, rows: 25, columns: 3 })
    const result = precisionRecallDensityCoverage({ reference, outputs })
    const mean = (values: Float64Array) =>
      values.reduce((sum, value) => sum + value) / values.length
    expect(mean(result.byOutput.precision)).toBe(result.precision)
    expect(mean(result.byOutput.density)).toBe(result.density)
    expect(mean(result.byReference.recall)).toBe(result.recall)
    expect(mean(result.byReference.coverage)).toBe(result.coverage)
  })

  it('is what its definition says, by brute force', () => {
    const sizes = fc.integer({ min: 4, max: 9 })
    fc.assert(
      fc.property(fc.integer(), sizes, sizes, (seed, n, m) => {
        const reference = normalMatrix({ seed, rows: n, columns: 2 })
        const outputs = normalMatrix({ seed: seed + 1, rows: m, columns: 2 })
        const points = ({ data, rows }: typeof reference) =>
          Array.from({ length: rows }, (_, row) => data.subarray(row * 2, row * 2 + 2))
        const radius = (of: Float32Array, among: readonly Float32Array[]) =>
          among.map((other) => euclideanDistance(of, other)).sort((a, b) => a - b)[3]!
        const real = points(reference)
        const fake = points(outputs)
        const inside = fake.map(
          (f) => real.filter((r) => euclideanDistance(f, r) < radius(r, real)).length,
        )
        const result = precisionRecallDensityCoverage({ reference, outputs, neighbours: 3 })
        expect([...result.byOutput.density]).toEqual(inside.map((count) => count / 3))
        expect([...result.byReference.recall]).toEqual(
          real.map((r) => +fake.some((f) => euclideanDistance(f, r) < radius(f, fake))),
        )
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('refuses sets that it cannot compare', () => {
    const set = normalMatrix({ seed: 1, rows: 6, columns: 2 })
    const compare = (outputs: typeof set, neighbours?: number) => () =>
      precisionRecallDensityCoverage({
        reference: set,
        outputs,
        ...(neighbours === undefined ? {} : { neighbours }),
      })
    expect(compare(set)).not.toThrow()
    expect(compare(selectRows(set, []))).toThrow(failsWith('EMPTY_INPUT'))
    expect(compare(selectRows(set, [0, 1, 2, 3, 4]))).toThrow(failsWith('INVALID_ARGUMENT'))
    expect(compare(set, 6)).toThrow(failsWith('INVALID_ARGUMENT'))
    for (const neighbours of [0, 1.5, Number.NaN]) {
      expect(compare(set, neighbours)).toThrow(failsWith('INVALID_ARGUMENT'))
    }
    expect(compare(normalMatrix({ seed: 1, rows: 6, columns: 3 }))).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
    const spoilt = createMatrix({ ...set, data: set.data.with(3, Number.NaN) })
    expect(compare(spoilt)).toThrow(failsWith('NOT_FINITE'))
  })
})
