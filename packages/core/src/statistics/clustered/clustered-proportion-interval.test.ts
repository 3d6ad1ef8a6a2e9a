import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Interval } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import { clopperPearsonInterval } from '../intervals/clopper-pearson-interval.js'
import { wilsonInterval } from '../intervals/wilson-interval.js'
import { meanAndVariance } from '../mean-and-variance.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { clusteredProportionInterval } from './clustered-proportion-interval.js'

const seeded = { seed: 9, numRuns: 200 }
const bounds = (interval: Interval | null) => [interval!.low, interval!.high]
const average = (values: readonly number[]) => meanAndVariance(values).mean
/** Items in up to eight clusters. */
const clustered = <Value>(value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(value, fc.integer({ min: 0, max: 7 })), { minLength: 2, maxLength: 60 })

describe('clusteredProportionInterval', () => {
  it('agrees with the same steps in numpy and scipy', () => {
    for (const { outcomes, clusters, clopperPearson, wilson } of oracle.clusteredProportion) {
      expectClose(bounds(clusteredProportionInterval(outcomes, clusters)), clopperPearson)
      const score = bounds(clusteredProportionInterval(outcomes, clusters, { form: 'wilson' }))
      for (const end of [0, 1]) expect(Math.abs(score[end]! - wilson[end]!)).toBeLessThan(1e-12)
    }
  })

  it('equals the plain interval where every cluster has one item', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 60 }), (outcomes) => {
        const each = outcomes.map((_, index) => index)
        const counts = { successes: outcomes.filter(Boolean).length, trials: outcomes.length }
        const exact = clusteredProportionInterval(outcomes, each)
        const score = clusteredProportionInterval(outcomes, each, { form: 'wilson' })
        expectClose(bounds(exact), bounds(clopperPearsonInterval(counts)), 1e-11)
        expectClose(bounds(score), bounds(wilsonInterval(counts)), 1e-11)
      }),
      seeded,
    )
  })

  it('contains the share, within [0, 1], never of no width, never narrower than with independent items', () => {
    fc.assert(
      fc.property(clustered(fc.boolean()), (items) => {
        const outcomes = items.map(([outcome]) => outcome)
        const clusters = items.map(([, cluster]) => cluster)
        fc.pre(new Set(clusters).size > 1)
        const share = average(outcomes.map(Number))
        const successes = outcomes.filter(Boolean).length
        const plain = clopperPearsonInterval({ successes, trials: outcomes.length })
        const { low, high } = clusteredProportionInterval(outcomes, clusters)!
        expect(low).toBeLessThanOrEqual(share)
        expect(high).toBeGreaterThanOrEqual(share)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(high).toBeGreaterThan(low)
        expect(high - low).toBeGreaterThanOrEqual((plain.high - plain.low) * (1 - 1e-9))
      }),
      seeded,
    )
  })

  it('counts a cluster as one item where all outcomes are equal', () => {
    const outcomes = Array.from({ length: 200 }, () => false)
    const prompts = outcomes.map((_, index) => index % 50)
    const { low, high } = clusteredProportionInterval(outcomes, prompts)!
    const plain = clopperPearsonInterval({ successes: 0, trials: 50 })
    expectClose([low, high], [plain.low, plain.high], 1e-14)
    const all = clusteredProportionInterval(
      outcomes.map(() => true),
      prompts,
    )!
    expectClose([all.low, all.high], [1 - high, 1], 1e-14)
  })

  it('is null for one cluster', () => {
    expect(clusteredProportionInterval([true, false], ['a', 'a'])).toBeNull()
  })

  it('refuses lists that are empty or do not belong together', () => {
    expect(codeOf(() => clusteredProportionInterval([], []))).toBe('EMPTY_INPUT')
    expect(codeOf(() => clusteredProportionInterval([true], []))).toBe('SHAPE_MISMATCH')
    const sure = () => clusteredProportionInterval([true, false], ['a', 'b'], { level: 0 })
    expect(codeOf(sure)).toBe('INVALID_ARGUMENT')
  })
})
