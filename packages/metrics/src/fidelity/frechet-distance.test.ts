import { createMatrix, selectRows } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { normalMatrix } from '../__fixtures__/normal-matrix.js'
import oracle from '../metrics.oracle.json' with { type: 'json' }
import { frechetDistance } from './frechet-distance.js'

const failsWith = (code: string) => expect.objectContaining({ code })

describe('frechetDistance', () => {
  it.each(oracle.frechet)(
    'agrees with scipy on $one and $other rows of $columns',
    ({ seed, columns, value, ...sizes }) => {
      const one = normalMatrix({ seed, rows: sizes.one, columns })
      const other = normalMatrix({ seed: seed + 1, rows: sizes.other, columns })
      // scipy takes the root of a product that is not symmetric: right to 1e-7 where it is singular.
      const tolerance = sizes.one > columns ? 1e-9 : 1e-6
      expect(Math.abs(frechetDistance(one, other) - value)).toBeLessThan(tolerance * value)
      expect(frechetDistance(other, one)).toBeCloseTo(frechetDistance(one, other), 6)
    },
  )

  it('is the squared shift between shifted copies', () => {
    const set = normalMatrix({ seed: 1, rows: 40, columns: 5 })
    const shifted = { ...set, data: set.data.map((value) => Math.round(value * 64) / 64 + 2) }
    const rounded = { ...set, data: set.data.map((value) => Math.round(value * 64) / 64) }
    expect(frechetDistance(rounded, shifted)).toBeCloseTo(5 * 2 ** 2, 9)
  })

  it('tends to the squared shift of normal distributions', () => {
    const one = normalMatrix({ seed: 2, rows: 20_000, columns: 3 })
    const other = normalMatrix({ seed: 3, rows: 20_000, columns: 3, shift: 0.5 })
    expect(Math.abs(frechetDistance(one, other) - 3 * 0.25)).toBeLessThan(0.05)
  })

  it('is the difference of deviations along one axis', () => {
    const spread = (deviation: number) => createMatrix({ data: [[-deviation], [deviation]] })
    // Variances with n - 1 are 2 and 18, so the distance is (√18 - √2)².
    expect(frechetDistance(spread(1), spread(3))).toBeCloseTo(8, 12)
    expect(frechetDistance(spread(0), spread(0))).toBe(0)
    expect(frechetDistance(spread(0), spread(3))).toBeCloseTo(18, 12)
  })

  it('is 0 for equal sets in any order, also with fewer rows than columns', () => {
    for (const rows of [4, 60]) {
      const set = normalMatrix({ seed: 4, rows, columns: 20 })
      const reversed = selectRows(set, [...Array(rows).keys()].reverse())
      expect(frechetDistance(set, reversed)).toBeGreaterThanOrEqual(0)
      expect(frechetDistance(set, reversed)).toBeLessThan(20 * 1e-7)
    }
  })

  it('refuses sets without a covariance, and sets that it cannot compare', () => {
    const set = normalMatrix({ seed: 1, rows: 3, columns: 2 })
    expect(() => frechetDistance(set, selectRows(set, [0]))).toThrow(failsWith('INVALID_ARGUMENT'))
    expect(() => frechetDistance(selectRows(set, []), set)).toThrow(failsWith('EMPTY_INPUT'))
    expect(() => frechetDistance(set, normalMatrix({ seed: 1, rows: 3, columns: 3 }))).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
  })
})
