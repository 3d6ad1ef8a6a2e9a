import { expect, it } from 'vitest'
import { logBinomialMass } from '../distributions/binomial-distribution.js'
import { clopperPearsonInterval } from './clopper-pearson-interval.js'

it('Clopper–Pearson covers at least .95 at every n from 5 to 1,000, summed exactly', () => {
  for (let trials = 5; trials <= 1000; trials += 1) {
    const intervals = Array.from({ length: trials + 1 }, (_, successes) =>
      clopperPearsonInterval({ successes, trials }),
    )
    for (let rate = 0.02; rate < 0.5; rate += 0.0237) {
      const covered = intervals.reduce((sum, { low, high }, successes) => {
        const covers = low <= rate && rate <= high
        return covers ? sum + Math.exp(logBinomialMass(successes, trials, rate)) : sum
      }, 0)
      expect(covered, `${rate} of ${trials}`).toBeGreaterThanOrEqual(0.95)
    }
  }
})
