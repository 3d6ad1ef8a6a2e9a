import { describe, expect, it } from 'vitest'
import type { Interval } from '../../contracts/measure.js'
import { logBinomialMass } from '../distributions/binomial-distribution.js'
import type { Proportion } from '../proportion.js'
import { clopperPearsonInterval } from './clopper-pearson-interval.js'
import { wilsonInterval } from './wilson-interval.js'

const sizes = [
  5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 25, 30, 37, 45, 55, 68, 83, 100, 130, 170, 220, 300, 400,
  550, 750, 1000,
]
const rates = Array.from({ length: 193 }, (_, index) => 0.02 + index * 0.005)

/** The probability, summed exactly, that the interval covers the true rate. */
function coverage(intervals: readonly Interval[], rate: number): number {
  const trials = intervals.length - 1
  return intervals.reduce((sum, { low, high }, successes) => {
    const covers = low <= rate && rate <= high
    return covers ? sum + Math.exp(logBinomialMass(successes, trials, rate)) : sum
  }, 0)
}

function coverages(interval: (counts: Proportion) => Interval, trials: number): number[] {
  const intervals = Array.from({ length: trials + 1 }, (_, successes) =>
    interval({ successes, trials }),
  )
  return rates.map((rate) => coverage(intervals, rate))
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('coverage at 0.95, n from 5 to 1,000, p from .02 to .98', () => {
  it.each(sizes)('of Clopper–Pearson is at least .95 everywhere, n = %i', (trials) => {
    expect(Math.min(...coverages(clopperPearsonInterval, trials))).toBeGreaterThanOrEqual(0.95)
  })

  it.each(sizes)('of Wilson averages .94 to .96, n = %i', (trials) => {
    const average = mean(coverages(wilsonInterval, trials))
    expect(average).toBeGreaterThanOrEqual(0.94)
    expect(average).toBeLessThanOrEqual(0.96)
  })
})
