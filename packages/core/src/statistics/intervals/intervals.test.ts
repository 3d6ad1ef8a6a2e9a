import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Interval } from '../../contracts/measure.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import type { Proportion } from '../proportion.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { agrestiCaffoInterval } from './agresti-caffo-interval.js'
import { clopperPearsonInterval } from './clopper-pearson-interval.js'
import type { IntervalOptions } from './interval-options.js'
import { jeffreysInterval } from './jeffreys-interval.js'
import { newcombeInterval } from './newcombe-interval.js'
import { riskRatioInterval } from './risk-ratio-interval.js'
import { wilsonInterval } from './wilson-interval.js'

const seeded = { seed: 3, numRuns: 300 }
const level = fc.double({ min: 0.5, max: 0.9999, noNaN: true })
const proportion = fc
  .integer({ min: 1, max: 1e6 })
  .chain((trials) =>
    fc.record({ successes: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }),
  )

const bounds = (interval: Interval | null) => interval && [interval.low, interval.high]

/** The one-proportion intervals, the corrected form included. */
const ofOne: Record<string, (proportion: Proportion, options?: IntervalOptions) => Interval> = {
  wilson: wilsonInterval,
  wilsonCorrected: (counts, options) =>
    wilsonInterval(counts, { ...options, continuityCorrection: true }),
  clopperPearson: clopperPearsonInterval,
  jeffreys: jeffreysInterval,
}

const ofTwo: Record<
  string,
  (first: Proportion, second: Proportion, options?: IntervalOptions) => Interval | null
> = {
  newcombe: newcombeInterval,
  agrestiCaffo: agrestiCaffoInterval,
  riskRatio: riskRatioInterval,
}

describe('reference values', () => {
  it.each([
    [0, 50, [0.0, 0.071348], [0.0, 0.071122], [0.00001, 0.048758]],
    [1, 50, [0.003539, 0.104954], [0.000506, 0.10647], [0.002166, 0.08968]],
    [5, 50, [0.043476, 0.213602], [0.033275, 0.218135], [0.039194, 0.205355]],
    [17, 100, [0.108936, 0.25548], [0.102265, 0.258175], [0.106277, 0.252493]],
    [50, 50, [0.928652, 1.0], [0.928878, 1.0], [0.951242, 0.99999]],
    [3, 1000, [0.001021, 0.008783], [0.000619, 0.008742], [0.000846, 0.007984]],
  ])('%i of %i', (successes, trials, wilson, clopperPearson, jeffreys) => {
    const printed = (interval: Interval) =>
      [interval.low, interval.high].map((value) => +value.toFixed(6))
    expect(printed(wilsonInterval({ successes, trials }))).toEqual(wilson)
    expect(printed(clopperPearsonInterval({ successes, trials }))).toEqual(clopperPearson)
    expect(printed(jeffreysInterval({ successes, trials }))).toEqual(jeffreys)
  })

  it('5 of 50, all digits', () => {
    const counts = { successes: 5, trials: 50 }
    const corrected = wilsonInterval(counts, { continuityCorrection: true })
    expectClose(bounds(wilsonInterval(counts))!, [0.04347576493189041, 0.21360231437479654], 3e-16)
    // The reference is 3e-14 off; mpmath gives 0.033275093589022503 here.
    expectClose(
      bounds(clopperPearsonInterval(counts))!,
      [0.03327509358902151, 0.2181353664342022],
      5e-14,
    )
    expectClose(clopperPearsonInterval(counts).low, 0.033275093589022503, 1e-15)
    expectClose(bounds(corrected)!, [0.037404619883306664, 0.22591183925738506], 3e-16)
  })

  it('12 of 50 against 3 of 50', () => {
    const first = { successes: 12, trials: 50 }
    const second = { successes: 3, trials: 50 }
    expectClose(bounds(newcombeInterval(first, second))!, [0.039099476, 0.319789803], 1e-8)
    expectClose(bounds(agrestiCaffoInterval(first, second))!, [0.034885317, 0.311268529], 1e-8)
    expectClose(bounds(riskRatioInterval(first, second))!, [1.166149466, 10.937793489], 1e-9)
  })
})

describe.each(Object.entries(ofOne))('%s of one proportion', (name, interval) => {
  it('agrees with statsmodels or scipy', () => {
    for (const row of oracle.oneProportion) {
      const { low, high } = interval(row, { level: row.level })
      const expected = row[name as 'wilson']
      // The other implementation leaves a rounding error next to 0 where this one has 0.
      if (Math.abs(expected[0]!) < 1e-15) expect(low).toBeLessThan(1e-15)
      else expectClose(low, expected[0]!)
      expectClose(high, expected[1]!)
    }
  })

  it('is ordered, within [0, 1], never of no width, and wider at a higher level', () => {
    fc.assert(
      fc.property(proportion, level, level, (counts, one, two) => {
        const narrow = interval(counts, { level: Math.min(one, two) })
        const wide = interval(counts, { level: Math.max(one, two) })
        expect(narrow.low).toBeGreaterThanOrEqual(0)
        expect(narrow.high).toBeLessThanOrEqual(1)
        expect(narrow.high).toBeGreaterThan(narrow.low)
        expect(wide.low).toBeLessThanOrEqual(narrow.low + 1e-12)
        expect(wide.high).toBeGreaterThanOrEqual(narrow.high - 1e-12)
      }),
      seeded,
    )
  })

  it('is mirrored when successes and failures change places', () => {
    fc.assert(
      fc.property(proportion, ({ successes, trials }) => {
        const { low, high } = interval({ successes, trials })
        const mirrored = interval({ successes: trials - successes, trials })
        expect(mirrored.low).toBeCloseTo(1 - high, 12)
        expect(mirrored.high).toBeCloseTo(1 - low, 12)
      }),
      seeded,
    )
  })

  it('rises with the successes', () => {
    fc.assert(
      fc.property(proportion, ({ successes, trials }) => {
        fc.pre(successes < trials)
        const less = interval({ successes, trials })
        const more = interval({ successes: successes + 1, trials })
        expect(more.low).toBeGreaterThanOrEqual(less.low)
        expect(more.high).toBeGreaterThanOrEqual(less.high)
      }),
      seeded,
    )
  })

  it('names its level and method', () => {
    const made = interval({ successes: 1, trials: 4 }, { level: 0.9 })
    expect(made.level).toBe(0.9)
    expect(made.method).not.toBe('')
  })

  it('refuses impossible counts and levels', () => {
    expect(codeOf(() => interval({ successes: 3, trials: 2 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => interval({ successes: -1, trials: 2 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => interval({ successes: 0.5, trials: 2 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => interval({ successes: 0, trials: 0 }))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => interval({ successes: Number.NaN, trials: 2 }))).toBe('NOT_FINITE')
    expect(codeOf(() => interval({ successes: 1, trials: 2 }, { level: 1 }))).toBe(
      'INVALID_ARGUMENT',
    )
  })
})

describe('the estimate', () => {
  it('is inside the Wilson and Clopper–Pearson intervals', () => {
    fc.assert(
      fc.property(proportion, level, (counts, atLevel) => {
        const estimate = counts.successes / counts.trials
        for (const interval of [wilsonInterval, clopperPearsonInterval]) {
          const { low, high } = interval(counts, { level: atLevel })
          expect(low).toBeLessThanOrEqual(estimate)
          expect(high).toBeGreaterThanOrEqual(estimate)
        }
      }),
      seeded,
    )
  })

  it('is inside Newcombe’s interval, within [-1, 1]', () => {
    fc.assert(
      fc.property(proportion, proportion, (first, second) => {
        const difference = first.successes / first.trials - second.successes / second.trials
        const { low, high } = newcombeInterval(first, second)
        expect(low).toBeLessThanOrEqual(difference)
        expect(high).toBeGreaterThanOrEqual(difference)
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-15)
        expect(high).toBeLessThanOrEqual(1 + 1e-15)
      }),
      seeded,
    )
  })
})

describe.each(Object.entries(ofTwo))('%s of two proportions', (name, interval) => {
  it('agrees with statsmodels', () => {
    for (const row of oracle.twoProportions) {
      const expected = row[name as 'riskRatio']
      const made = bounds(interval(row.first, row.second))
      if (expected === null) expect(made).toBeNull()
      else
        for (const index of [0, 1])
          expect(Math.abs(made![index]! - expected[index]!)).toBeLessThan(
            1e-12 * Math.max(1, expected[index]!),
          )
    }
  })

  it('refuses impossible counts in either place', () => {
    const good = { successes: 1, trials: 2 }
    const bad = { successes: 3, trials: 2 }
    expect(codeOf(() => interval(good, bad))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => interval(bad, good))).toBe('INVALID_ARGUMENT')
    expect(codeOf(() => interval(good, good, { level: 0 }))).toBe('INVALID_ARGUMENT')
  })
})

describe('riskRatioInterval', () => {
  it('is null where every trial of both is a success', () => {
    expect(riskRatioInterval({ successes: 9, trials: 9 }, { successes: 4, trials: 4 })).toBeNull()
  })
})
