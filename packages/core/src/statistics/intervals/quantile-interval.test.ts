import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/create-random.js'
import { codeOf } from '../__fixtures__/expect-close.js'
import { quantileInterval } from './quantile-interval.js'
import oracle from './quantile-interval.oracle.json' with { type: 'json' }

/** The values 1 to n in some order: a bound is its own rank. */
const ranksTo = (n: number) =>
  createRandom(n).shuffle(Array.from({ length: n }, (_, index) => index + 1))

describe('quantileInterval', () => {
  it.each(oracle.cases)('of $n draws at $quantile with level $level', (expected) => {
    const { n, quantile, level, ranks } = expected
    const interval = quantileInterval(ranksTo(n), { quantile, level })
    expect(interval && [interval.low, interval.high]).toEqual(ranks)
  })

  it('of the median of twenty is the classical one', () => {
    expect(quantileInterval(ranksTo(20), { quantile: 0.5 })).toEqual({
      low: 6,
      high: 15,
      level: 0.95,
      method: 'order statistics',
    })
  })

  it('holds the quantile at least as often as it says', () => {
    const { uniform } = createRandom('coverage of quantiles')
    let covered = 0
    for (let run = 0; run < 2000; run += 1) {
      const draws = Float64Array.from({ length: 80 }, uniform)
      const interval = quantileInterval(draws, { quantile: 0.25 })
      if (interval && interval.low <= 0.25 && interval.high >= 0.25) covered += 1
    }
    // Five standard errors below 95 %.
    expect(covered / 2000).toBeGreaterThan(0.926)
  })

  it('leaves its input as it was', () => {
    const values = [3, 1, 2]
    quantileInterval(values, { quantile: 0.5 })
    expect(values).toEqual([3, 1, 2])
  })

  it.each([
    ['EMPTY_INPUT', [], 0.5, 0.95],
    ['NOT_FINITE', [1, Number.NaN], 0.5, 0.95],
    ['INVALID_ARGUMENT', [1], 0, 0.95],
    ['INVALID_ARGUMENT', [1], 0.5, 1],
  ] as const)('refuses with %s: %j at %d of level %d', (code, values, quantile, level) => {
    expect(codeOf(() => quantileInterval(values, { quantile, level }))).toBe(code)
  })
})
