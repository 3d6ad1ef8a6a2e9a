import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { logBeta } from './log-beta.js'
import { logGamma } from './log-gamma.js'
import { regularizedIncompleteBeta } from './regularized-incomplete-beta.js'

const seeded = { seed: 1, numRuns: 300 }
const parameter = fc.double({ min: 0.01, max: 1e5, noNaN: true })
const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('logGamma', () => {
  it.each(oracle.logGamma)('keeps 15 digits at $x', ({ x, expected }) => {
    expectClose(logGamma(x), expected, 2e-15)
  })

  it('is exactly 0 at 1 and 2', () => {
    expect(logGamma(1)).toBeCloseTo(0, 300)
    expect(logGamma(2)).toBeCloseTo(0, 300)
  })

  it('follows the recurrence Γ(x + 1) = x Γ(x)', () => {
    fc.assert(
      fc.property(parameter, (x) => {
        const error = Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))
        expect(error).toBeLessThan(1e-15 * (4 + Math.abs(logGamma(x + 1))))
      }),
      seeded,
    )
  })

  it('refuses what is not above 0', () => {
    expect(codeOf(() => logGamma(0))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => logGamma(-1))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => logGamma(Number.NaN))).toBe('NOT_FINITE')
    expect(codeOf(() => logGamma(Number.POSITIVE_INFINITY))).toBe('NOT_FINITE')
  })
})

describe('logBeta', () => {
  it.each(oracle.logBeta)('agrees with mpmath at $a, $b', ({ a, b, expected }) => {
    // Where the beta function is near 1 its logarithm is near 0: absolute error counts there.
    expect(Math.abs(logBeta(a, b) - expected)).toBeLessThan(2e-15 * Math.max(5, Math.abs(expected)))
  })

  it('is symmetric', () => {
    fc.assert(
      fc.property(parameter, parameter, (a, b) => {
        expect(logBeta(a, b)).toBe(logBeta(b, a))
      }),
      seeded,
    )
  })

  it('refuses what is not above 0', () => {
    expect(codeOf(() => logBeta(0, 1))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => logBeta(1, Number.NaN))).toBe('NOT_FINITE')
  })
})

describe('regularizedIncompleteBeta', () => {
  it.each(oracle.incompleteBeta)('agrees with mpmath at $x, $a, $b', (row) => {
    const tails = regularizedIncompleteBeta(row.x, row.a, row.b)
    const smallIsLower = row.lower < row.upper
    expectClose(smallIsLower ? tails.lower : tails.upper, Math.min(row.lower, row.upper), 1e-11)
    expectClose(smallIsLower ? tails.upper : tails.lower, Math.max(row.lower, row.upper), 1e-14)
    const logarithm = smallIsLower ? tails.logLower : tails.logUpper
    if (row.logSmall === null) expect(logarithm).toBe(Number.NEGATIVE_INFINITY)
    else expectClose(logarithm, row.logSmall, 1e-12)
  })

  it('keeps the logarithm where the tail itself underflows', () => {
    const { lower, logLower } = regularizedIncompleteBeta(1e-10, 100, 1)
    expect(lower).toBe(0)
    expectClose(logLower, 100 * Math.log(1e-10), 1e-14)
  })

  it('has tails that add up to 1, and change places with the parameters', () => {
    fc.assert(
      fc.property(share, parameter, parameter, (x, a, b) => {
        const { lower, upper } = regularizedIncompleteBeta(x, a, b)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(upper).toBeGreaterThanOrEqual(0)
        expect(lower + upper).toBeCloseTo(1, 14)
        fc.pre(1 - (1 - x) === x)
        expect(regularizedIncompleteBeta(1 - x, b, a).lower).toBeCloseTo(upper, 10)
      }),
      seeded,
    )
  })

  it('grows with x', () => {
    fc.assert(
      fc.property(share, share, parameter, parameter, (x, y, a, b) => {
        const [less, more] = [Math.min(x, y), Math.max(x, y)]
        const slack = 1 + 1e-10
        expect(regularizedIncompleteBeta(less, a, b).lower).toBeLessThanOrEqual(
          regularizedIncompleteBeta(more, a, b).lower * slack,
        )
      }),
      seeded,
    )
  })

  it('refuses points and parameters out of range', () => {
    expect(codeOf(() => regularizedIncompleteBeta(1.1, 1, 1))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => regularizedIncompleteBeta(-0.1, 1, 1))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => regularizedIncompleteBeta(0.5, 0, 1))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => regularizedIncompleteBeta(0.5, 1, Number.NaN))).toBe('NOT_FINITE')
  })
})
