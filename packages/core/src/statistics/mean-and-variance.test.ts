import { describe, expect, it } from 'vitest'
import { codeOf, expectClose } from './__fixtures__/expect-close.js'
import { meanAndVariance } from './mean-and-variance.js'
import oracle from './statistics.oracle.json' with { type: 'json' }

describe('meanAndVariance', () => {
  it('keeps its digits where a sum of squares loses them', () => {
    for (const { values, mean, variance } of oracle.moments) {
      const moments = meanAndVariance(values)
      expect(moments.n).toBe(values.length)
      expectClose(moments.mean, mean, 1e-15)
      expectClose(moments.variance!, variance, 1e-9)
    }
  })

  it('has no variance for a single value', () => {
    expect(meanAndVariance(Float32Array.of(2))).toEqual({ n: 1, mean: 2, variance: null })
  })

  it('refuses nothing, NaN and infinities', () => {
    expect(codeOf(() => meanAndVariance([]))).toBe('EMPTY_INPUT')
    expect(codeOf(() => meanAndVariance([1, Number.NaN]))).toBe('NOT_FINITE')
    expect(codeOf(() => meanAndVariance([Number.NEGATIVE_INFINITY]))).toBe('NOT_FINITE')
  })
})
