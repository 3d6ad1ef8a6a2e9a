import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import type { Alternative } from './alternative.js'
import { binomialTest } from './binomial-test.js'
import { boschlooTest } from './boschloo-test.js'
import { fisherExactTest } from './fisher-exact-test.js'
import { mcnemarTest } from './mcnemar-test.js'

const alternatives: Alternative[] = ['greater', 'less', 'two-sided']
const seeded = { seed: 4, numRuns: 300 }
const proportionUpTo = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((trials) =>
      fc.record({ successes: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }),
    )
const proportion = fc.oneof(proportionUpTo(12), proportionUpTo(1e5))

const of = (a: number, b: number, c: number, d: number) =>
  [
    { successes: a, trials: a + b },
    { successes: c, trials: c + d },
  ] as const

describe('fisherExactTest', () => {
  it.each([
    [of(12, 38, 3, 47), 0.01130219344, 0.02260438688],
    [of(18, 82, 3, 997), 4.3186925e-17, 4.3186925e-17],
    [of(5, 45, 5, 45), 0.6296667731, 1],
    [of(30, 20, 10, 190), 2.924141674e-17, 2.924141674e-17],
    [of(1, 49, 0, 1000), 0.04761904762, 0.04761904762],
  ])('gives the reference value of %j', ([first, second], greater, twoSided) => {
    expectClose(fisherExactTest(first, second, { alternative: 'greater' }).pValue, greater, 1e-8)
    expectClose(fisherExactTest(first, second).pValue, twoSided, 1e-8)
  })

  it('gives the reference mid-p value', () => {
    const [first, second] = of(12, 38, 3, 47)
    const { pValue, method } = fisherExactTest(first, second, {
      alternative: 'greater',
      midP: true,
    })
    expectClose(pValue, 0.006606039025723341, 1e-13)
    expect(method).toBe('fisher exact, mid-p')
  })

  it.each(oracle.fisher)('agrees with scipy and mpmath: $first, $second', (row) => {
    const { first, second } = row
    const pValue = (alternative: Alternative, midP = false) =>
      fisherExactTest(first, second, { alternative, midP }).pValue
    expectClose(pValue('greater'), row.greater)
    expectClose(pValue('less'), row.less)
    expectClose(pValue('two-sided'), row.twoSided)
    expectClose(pValue('greater', true), row.midPGreater)
  })

  it('stays within [0, 1], the mid-p value below the exact one', () => {
    fc.assert(
      fc.property(
        proportion,
        proportion,
        fc.constantFrom(...alternatives),
        (first, second, alternative) => {
          const exact = fisherExactTest(first, second, { alternative }).pValue
          const middle = fisherExactTest(first, second, { alternative, midP: true }).pValue
          expect(exact).toBeLessThanOrEqual(1)
          expect(middle).toBeGreaterThanOrEqual(0)
          expect(middle).toBeLessThanOrEqual(exact)
        },
      ),
      seeded,
    )
  })

  it('does not depend on which of the two is called first', () => {
    fc.assert(
      fc.property(proportion, proportion, fc.boolean(), (first, second, midP) => {
        const greater = fisherExactTest(first, second, { alternative: 'greater', midP }).pValue
        expect(fisherExactTest(second, first, { alternative: 'less', midP }).pValue).toBeCloseTo(
          greater,
          10,
        )
        const either = fisherExactTest(first, second, { midP }).pValue
        expect(fisherExactTest(second, first, { midP }).pValue).toBeCloseTo(either, 10)
      }),
      seeded,
    )
  })

  it('sums the two one-sided values to 1 plus the chance of the table itself', () => {
    fc.assert(
      fc.property(proportion, proportion, (first, second) => {
        const greater = fisherExactTest(first, second, {
          alternative: 'greater',
          midP: true,
        }).pValue
        const less = fisherExactTest(first, second, { alternative: 'less', midP: true }).pValue
        expect(greater + less).toBeCloseTo(1, 10)
      }),
      seeded,
    )
  })

  it('counts tables that tie on the other side, and by half in the mid-p value', () => {
    // 0 to 4 successes with chances 1, 16, 36, 16, 1 out of 70.
    const [first, second] = of(3, 1, 1, 3)
    expectClose(fisherExactTest(first, second).pValue, 34 / 70, 1e-14)
    expectClose(fisherExactTest(first, second, { midP: true }).pValue, 18 / 70, 1e-14)
    expectClose(fisherExactTest(second, first, { midP: true }).pValue, 18 / 70, 1e-14)
  })

  it('halves only the table itself where none ties', () => {
    const [first, second] = of(1, 49, 0, 1000)
    expectClose(fisherExactTest(first, second, { midP: true }).pValue, 0.5 / 21, 1e-13)
  })

  it('refuses impossible counts and unknown alternatives', () => {
    const good = { successes: 1, trials: 2 }
    expect(codeOf(() => fisherExactTest(good, { successes: 3, trials: 2 }))).toBe(
      'INVALID_ARGUMENT',
    )
    expect(codeOf(() => fisherExactTest({ successes: 0, trials: 0 }, good))).toBe(
      'INVALID_ARGUMENT',
    )
    const larger = { alternative: 'larger' as Alternative }
    expect(codeOf(() => fisherExactTest(good, good, larger))).toBe('INVALID_ARGUMENT')
  })
})

describe('binomialTest', () => {
  it.each([
    [12, 50, 0.1, 0.00321992113591],
    [5, 50, 0.1, 0.568801593171],
    [3, 20, 0.02, 0.00706869340381],
    [0, 10, 0.3, 1],
  ])('gives the reference upper tail of %i of %i at %f', (successes, trials, rate, expected) => {
    const { pValue } = binomialTest({ successes, trials }, rate, { alternative: 'greater' })
    expectClose(pValue, expected, 1e-11)
  })

  it.each(oracle.binomial)(
    'agrees with scipy and mpmath: $successes of $trials at $nullProbability',
    (row) => {
      const pValue = (alternative: Alternative, midP = false) =>
        binomialTest(row, row.nullProbability, { alternative, midP }).pValue
      expectClose(pValue('greater'), row.greater)
      expectClose(pValue('less'), row.less)
      expectClose(pValue('two-sided'), row.twoSided)
      expectClose(pValue('greater', true), row.midPGreater)
    },
  )

  it('is 1 two-sided at either of two equally likely peaks', () => {
    expectClose(binomialTest({ successes: 4, trials: 9 }, 0.5).pValue, 1, 1e-15)
    expectClose(binomialTest({ successes: 5, trials: 9 }, 0.5).pValue, 1, 1e-15)
    expectClose(binomialTest({ successes: 57, trials: 99 }, 0.57).pValue, 1, 1e-15)
  })

  it('falls as the successes rise', () => {
    fc.assert(
      fc.property(
        proportion,
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (counts, rate) => {
          fc.pre(counts.successes < counts.trials)
          const more = { ...counts, successes: counts.successes + 1 }
          const now = binomialTest(counts, rate, { alternative: 'greater' }).pValue
          expect(now).toBeLessThanOrEqual(1)
          expect(binomialTest(more, rate, { alternative: 'greater' }).pValue).toBeLessThanOrEqual(
            now,
          )
        },
      ),
      seeded,
    )
  })

  it('refuses impossible counts and certain rates', () => {
    expect(codeOf(() => binomialTest({ successes: 3, trials: 2 }, 0.5))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => binomialTest({ successes: 1, trials: 2 }, 0))).toBe('INVALID_ARGUMENT')
  })
})

describe('mcnemarTest', () => {
  it('gives the reference value', () => {
    expectClose(mcnemarTest({ onlyFirst: 10, onlySecond: 2 }).pValue, 0.03857421875, 1e-14)
  })

  it.each(oracle.mcnemar)('agrees with statsmodels: $onlyFirst, $onlySecond', (row) => {
    expectClose(mcnemarTest(row).pValue, row.twoSided)
    expectClose(mcnemarTest(row, { midP: true }).pValue, row.midP)
    expectClose(mcnemarTest(row, { alternative: 'greater' }).pValue, row.greater)
  })

  it('refuses counts that are none', () => {
    expect(codeOf(() => mcnemarTest({ onlyFirst: -1, onlySecond: 2 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => mcnemarTest({ onlyFirst: 1, onlySecond: 0.5 }))).toBe('INVALID_ARGUMENT')
  })
})

describe('boschlooTest', () => {
  it('gives the reference value', () => {
    // The reference handed scipy the transposed table: its samples are columns, 12 of 15 and 38 of 85.
    const [first, second] = of(12, 3, 38, 47)
    const { pValue, method } = boschlooTest(first, second, { alternative: 'greater' })
    expectClose(pValue, 0.00602459, 1e-6)
    expect(method).toBe('boschloo exact')
  })

  it.each(oracle.boschloo)('agrees with scipy: $first, $second', (row) => {
    for (const alternative of alternatives) {
      expectClose(
        boschlooTest(row.first, row.second, { alternative }).pValue,
        row[alternative],
        1e-6,
      )
    }
  })

  it('never exceeds Fisher’s p-value', () => {
    fc.assert(
      fc.property(proportionUpTo(25), proportionUpTo(25), (first, second) => {
        const boschloo = boschlooTest(first, second, { alternative: 'greater' }).pValue
        const fisher = fisherExactTest(first, second, { alternative: 'greater' }).pValue
        expect(boschloo).toBeGreaterThan(0)
        expect(boschloo).toBeLessThanOrEqual(fisher * (1 + 1e-9))
      }),
      { seed: 5, numRuns: 60 },
    )
  })

  it('refuses impossible counts, unknown alternatives and tables that take too long', () => {
    const good = { successes: 1, trials: 2 }
    expect(codeOf(() => boschlooTest(good, { successes: 3, trials: 2 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => boschlooTest({ successes: 3, trials: 2 }, good))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => boschlooTest(good, { successes: 1, trials: 20_000 }))).toBe(
      'LIMIT_EXCEEDED',
    )
    const larger = { alternative: 'larger' as Alternative }
    expect(codeOf(() => boschlooTest(good, good, larger))).toBe('INVALID_ARGUMENT')
  })
})
