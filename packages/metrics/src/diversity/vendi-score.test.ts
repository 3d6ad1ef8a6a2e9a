import { createMatrix, selectRows } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalMatrix } from '../__fixtures__/normal-matrix.js'
import oracle from '../metrics.oracle.json' with { type: 'json' }
import { vendiScore, vendiScores } from './vendi-score.js'

const failsWith = (code: string) => expect.objectContaining({ code })

describe('vendiScore', () => {
  it('is 1 for equal rows and n for orthonormal ones', () => {
    expect(vendiScore(createMatrix({ data: Array(7).fill([1, 2, 3]) }))).toBe(1)
    const identity = [...Array(6).keys()].map((row) =>
      [...Array(6).keys()].map((c) => +(c === row)),
    )
    expect(vendiScore(createMatrix({ data: identity }))).toBeCloseTo(6, 12)
    expect(vendiScore(createMatrix({ data: [[-3, 4]] }))).toBe(1)
  })

  it('is the number of equally large groups of equal rows', () => {
    const groups = [
      [1, 0, 0],
      [0, 2, 0],
      [0, 0, 0.5],
    ]
    const data = groups.flatMap((row) => Array(4).fill(row))
    expect(vendiScore(createMatrix({ data }))).toBeCloseTo(3, 12)
  })

  it('gives the golden values of the dossier', () => {
    const at60Degrees = createMatrix({
      data: [
        [1, 0],
        [0.5, Math.sqrt(3) / 2],
      ],
    })
    expect(vendiScore(at60Degrees)).toBeCloseTo(1.75477, 5)
    const sixAndTwo = createMatrix({ data: [...Array(6).fill([1, 0]), ...Array(2).fill([0, 1])] })
    expect(vendiScore(sixAndTwo)).toBeCloseTo(1.75477, 5)
    expect(vendiScore(sixAndTwo, { order: 2 })).toBeCloseTo(1.6, 12)
    expect(vendiScore(sixAndTwo, { order: Infinity })).toBeCloseTo(1.33333, 5)
  })

  it.each(oracle.vendi)('agrees with numpy on $rows rows of $columns', ({ scores, ...shape }) => {
    const matrix = normalMatrix(shape)
    for (const [order, expected] of Object.entries(scores)) {
      const score = vendiScore(matrix, { order: Number(order) })
      // Eigenvalues are right to some n ε; their entropy to as much.
      expect(Math.abs(score - expected) / expected).toBeLessThan(1e-10)
    }
  })

  it('counts the rank at order 0, also of many rows in few columns', () => {
    expect(vendiScore(normalMatrix({ seed: 1, rows: 50, columns: 3 }), { order: 0 })).toBeCloseTo(
      3,
      9,
    )
    const few = normalMatrix({ seed: 1, rows: 3, columns: 50 })
    const repeated = selectRows(few, [0, 1, 2, 0, 1, 2, 0])
    expect(vendiScore(repeated, { order: 0 })).toBeCloseTo(3, 9)
  })

  it('falls with the order, and is continuous at order 1', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, rows) => {
        const matrix = normalMatrix({ seed, rows, columns: 6 })
        const scores = [0, 0.5, 0.999999, 1, 1.000001, 2, 10, 1e6, Infinity].map((order) =>
          vendiScore(matrix, { order }),
        )
        scores.slice(1).forEach((score, at) => {
          expect(score).toBeLessThanOrEqual(scores[at]! * (1 + 1e-9))
        })
        expect(Math.abs(scores[2]! - scores[4]!)).toBeLessThan(1e-4)
        expect(scores.at(-1)).toBeGreaterThanOrEqual(1)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('gives several orders at once, each as it is alone', () => {
    const matrix = normalMatrix({ seed: 2, rows: 20, columns: 8 })
    const orders = [0, 1, 2, Infinity]
    expect(vendiScores(matrix, orders)).toEqual(
      orders.map((order) => vendiScore(matrix, { order })),
    )
    expect(vendiScores(matrix, [])).toEqual([])
  })

  it('refuses what has no score', () => {
    expect(() => vendiScore(createMatrix({ data: [], columns: 3 }))).toThrow(
      failsWith('EMPTY_INPUT'),
    )
    expect(() => vendiScore(createMatrix({ data: [[1], [0]] }))).toThrow(failsWith('ZERO_VECTOR'))
    const claimed = createMatrix({ data: [[1], [Number.NaN]], normalized: true })
    expect(() => vendiScore(claimed)).toThrow(failsWith('NOT_FINITE'))
    for (const order of [-1, Number.NaN]) {
      expect(() => vendiScore(createMatrix({ data: [[1]] }), { order })).toThrow(
        failsWith('INVALID_ARGUMENT'),
      )
    }
  })
})
