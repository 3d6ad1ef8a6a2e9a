import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cosineSimilarity } from './cosine-similarity.js'
import { dot } from './dot.js'
import { euclideanDistance } from './euclidean-distance.js'

const vector = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 6,
  maxLength: 6,
})
const settings = { seed: 1, numRuns: 500 }

describe.each([
  ['dot', dot],
  ['euclideanDistance', euclideanDistance],
  ['cosineSimilarity', cosineSimilarity],
] as const)('%s', (_, compare) => {
  it('refuses vectors of two lengths', () => {
    expect(() => compare([1, 2], [1])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', value: [2, 1] }),
    )
  })

  it('takes its vectors in any order', () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        fc.pre(a.some(Boolean) && b.some(Boolean) && dot(a, a) > 0 && dot(b, b) > 0)
        expect(compare(a, b)).toBe(compare(b, a))
      }),
      settings,
    )
  })
})

describe('dot', () => {
  it('sums in float64', () => {
    const values = Float32Array.from({ length: 10_000 }, () => 0.1)
    const exact = 10_000 * Math.fround(0.1) ** 2
    expect(Math.abs(dot(values, values) - exact) / exact).toBeLessThan(1e-12)
    expect(dot([], [])).toBe(0)
  })
})

describe('euclideanDistance', () => {
  it('is exactly 0 between equal vectors, however long', () => {
    const far = Float32Array.of(1e30, 1, -1e-30)
    expect(euclideanDistance(far, far.slice())).toBe(0)
    expect(euclideanDistance([0, 3], [4, 0])).toBe(5)
  })

  it('obeys the triangle inequality', () => {
    fc.assert(
      fc.property(vector, vector, vector, (a, b, c) => {
        const roundabout = euclideanDistance(a, b) + euclideanDistance(b, c)
        expect(euclideanDistance(a, c)).toBeLessThanOrEqual(roundabout * (1 + 1e-14))
      }),
      settings,
    )
  })
})

describe('cosineSimilarity', () => {
  it('is 1, 0 and -1 where it should be', () => {
    expect(cosineSimilarity([1, 1], [3, 3])).toBeCloseTo(1, 15)
    expect(cosineSimilarity([1, 0], [0, 5])).toBe(0)
    expect(cosineSimilarity([1, 2], [-2, -4])).toBeCloseTo(-1, 15)
  })

  it('stays within [-1, 1] and does not see length', () => {
    fc.assert(
      fc.property(vector, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (a, scale) => {
        fc.pre(dot(a, a) > 1e-200)
        const cosine = cosineSimilarity(
          a,
          a.map((value) => value * scale),
        )
        expect(Math.abs(cosine)).toBeLessThanOrEqual(1)
        expect(cosine).toBeCloseTo(1, 14)
      }),
      settings,
    )
  })

  it('refuses a vector without a direction', () => {
    for (const zero of [[0, 0], [], [1e-200, 0]]) {
      const other = zero.map(() => 1)
      expect(() => cosineSimilarity(zero, other)).toThrow(
        expect.objectContaining({ code: 'ZERO_VECTOR' }),
      )
    }
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e200])('refuses %d', (value) => {
    for (const [a, b] of [
      [
        [value, 1],
        [1, 1],
      ],
      [
        [1, 1],
        [1, value],
      ],
    ] as const) {
      expect(() => cosineSimilarity(a, b)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }))
    }
  })
})
