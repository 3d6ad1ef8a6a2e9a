import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import { regularizedIncompleteBeta } from '../special-functions/regularized-incomplete-beta.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { betaQuantile } from './beta-quantile.js'
import { normalCumulative } from './normal-cumulative.js'
import { normalQuantile } from './normal-quantile.js'
import { studentTQuantile } from './student-t-quantile.js'

const seeded = { seed: 2, numRuns: 300 }
const parameter = fc.double({ min: 1, max: 1e5, noNaN: true })
const inside = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })

describe('betaQuantile', () => {
  it.each(oracle.betaQuantile)('agrees with scipy at $p, $a, $b', ({ p, a, b, expected }) => {
    expectClose(betaQuantile(p, a, b), expected)
  })

  it('is the inverse of the incomplete beta function', () => {
    fc.assert(
      fc.property(inside, parameter, parameter, (p, a, b) => {
        expect(regularizedIncompleteBeta(betaQuantile(p, a, b), a, b).lower).toBeCloseTo(p, 9)
      }),
      seeded,
    )
  })

  it('rounds to 0 or 1 where no number lies between', () => {
    expect(betaQuantile(0.3, 1e-5, 1e-5)).toBe(0)
    expect(betaQuantile(0.3, 1, 1e-5)).toBe(1)
  })

  it('refuses what is out of range', () => {
    expect(codeOf(() => betaQuantile(-0.1, 1, 1))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => betaQuantile(0.1, 0, 1))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => betaQuantile(0.1, 1, Number.NaN))).toBe('NOT_FINITE')
  })
})

describe('normalCumulative', () => {
  it.each(oracle.normal.cumulative)('agrees with mpmath at $x', ({ x, expected }) => {
    expectClose(normalCumulative(x), expected, 1e-13)
  })

  it('refuses what is not finite', () => {
    expect(codeOf(() => normalCumulative(Number.NaN))).toBe('NOT_FINITE')
  })
})

describe('normalQuantile', () => {
  it.each(oracle.normal.quantile)('agrees with mpmath at $p', ({ p, expected }) => {
    expectClose(normalQuantile(p), expected, 2e-15)
  })

  it('is the inverse of normalCumulative and odd about 1/2', () => {
    fc.assert(
      fc.property(inside, (p) => {
        expectClose(normalCumulative(normalQuantile(p)), p, 1e-14)
        fc.pre(1 - (1 - p) === p)
        expect(normalQuantile(1 - p)).toBe(-normalQuantile(p))
      }),
      seeded,
    )
  })

  it('refuses 0 and 1', () => {
    expect(codeOf(() => normalQuantile(0))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => normalQuantile(1))).toBe('INVALID_ARGUMENT')
  })
})

describe('studentTQuantile', () => {
  it.each(oracle.studentTQuantile)('agrees with scipy at $p, $degreesOfFreedom', (row) => {
    expectClose(studentTQuantile(row.p, row.degreesOfFreedom), row.expected)
  })

  it('tends to the normal quantile', () => {
    expectClose(studentTQuantile(0.975, 1e12), normalQuantile(0.975), 1e-11)
  })

  it('refuses what is out of range', () => {
    expect(codeOf(() => studentTQuantile(1, 5))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => studentTQuantile(0.9, 0))).toBe('INVALID_ARGUMENT')
  })
})
