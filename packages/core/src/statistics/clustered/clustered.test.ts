import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, type Interval, type Random } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import { clopperPearsonInterval } from '../intervals/clopper-pearson-interval.js'
import { wilsonInterval } from '../intervals/wilson-interval.js'
import { meanAndVariance } from '../mean-and-variance.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { clusteredBootstrapInterval } from './clustered-bootstrap-interval.js'
import { clusteredMeanInterval } from './clustered-mean-interval.js'
import { clusteredProportionInterval } from './clustered-proportion-interval.js'
import { deleteAGroup } from './delete-a-group.js'
import { jackknifeInterval } from './jackknife-interval.js'

const seeded = { seed: 9, numRuns: 200 }
const bounds = (interval: Interval | null) => [interval!.low, interval!.high]
const average = (values: readonly number[]) => meanAndVariance(values).mean

/** Items in up to eight clusters. */
const clustered = <Value>(value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(value, fc.integer({ min: 0, max: 7 })), { minLength: 2, maxLength: 60 })
const finite = fc.double({ min: -100, max: 100, noNaN: true })

describe('clusteredMeanInterval', () => {
  it('agrees with the full matrices of Bell and McCaffrey', () => {
    for (const { values, clusters, level, expected } of oracle.clusteredMean) {
      const interval = bounds(clusteredMeanInterval(values, clusters, { level }))
      const scale = expected[1]! - expected[0]!
      for (const end of [0, 1]) {
        expect(Math.abs(interval[end]! - expected[end]!)).toBeLessThan(1e-9 * scale)
      }
    }
  })

  it('is the plain t interval where every cluster has one item', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6]
    const { low, high } = clusteredMeanInterval(values, Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8))!
    // t with 7 degrees of freedom at .975 is 2.364624251592785.
    const margin = 2.364624251592785 * Math.sqrt(meanAndVariance(values).variance! / 8)
    expectClose([low, high], [3.875 - margin, 3.875 + margin], 1e-12)
  })

  it('contains the mean and does not depend on the order or the names of clusters', () => {
    const random = createRandom('clusters')
    fc.assert(
      fc.property(clustered(finite), (items) => {
        const values = items.map(([value]) => value)
        const interval = clusteredMeanInterval(
          values,
          items.map(([, cluster]) => cluster),
        )
        const moved = random.shuffle(items)
        const again = clusteredMeanInterval(
          moved.map(([value]) => value),
          moved.map(([, cluster]) => `prompt ${cluster}`),
        )
        if (interval === null) expect(again).toBeNull()
        else {
          expect(interval.low).toBeLessThanOrEqual(average(values))
          expect(interval.high).toBeGreaterThanOrEqual(average(values))
          expect(again!.low).toBeCloseTo(interval.low, 9)
          expect(again!.high).toBeCloseTo(interval.high, 9)
        }
      }),
      seeded,
    )
  })

  it('is wider where copies of a picture are called one cluster', () => {
    const values = [1, 5, 2, 8, 4, 6, 3, 7]
    const copies = [...values, ...values, ...values]
    const prompts = copies.map((_, index) => index % 8)
    const naive = clusteredMeanInterval(
      copies,
      copies.map((_, index) => index),
    )!
    const honest = clusteredMeanInterval(copies, prompts)!
    const once = clusteredMeanInterval(values, prompts.slice(0, 8))!
    expect(honest.high - honest.low).toBeGreaterThan(1.5 * (naive.high - naive.low))
    expectClose(bounds(honest), bounds(once), 1e-12)
  })

  it('is cut to the range of the measure', () => {
    const interval = clusteredMeanInterval([0.9, 1, 1], ['a', 'b', 'c'], { range: [0, 1] })!
    expect(interval.high).toBe(1)
    expect(interval.low).toBeLessThan(0.9)
    const unsorted = () => clusteredMeanInterval([0.5, 1], ['a', 'b'], { range: [1, 0] })
    expect(codeOf(unsorted)).toBe('INVALID_ARGUMENT')
    const outside = () => clusteredMeanInterval([1, 2], ['a', 'b'], { range: [0, 1] })
    expect(codeOf(outside)).toBe('INVALID_ARGUMENT')
  })

  it('is null for one cluster, and where no spread between clusters is seen', () => {
    expect(clusteredMeanInterval([1, 2, 3], ['a', 'a', 'a'])).toBeNull()
    expect(clusteredMeanInterval([0.1, 0.1, 0.1], ['a', 'b', 'c'])).toBeNull()
    expect(clusteredMeanInterval([0.1, 0.7, 0.7, 0.1, 0.1, 0.7], [1, 1, 2, 2, 3, 3])).toBeNull()
  })

  it('refuses lists that are empty, do not belong together or hold NaN', () => {
    expect(codeOf(() => clusteredMeanInterval([], []))).toBe('EMPTY_INPUT')
    expect(codeOf(() => clusteredMeanInterval([1, 2], ['a']))).toBe('SHAPE_MISMATCH')
    expect(codeOf(() => clusteredMeanInterval([1, Number.NaN], ['a', 'b']))).toBe('NOT_FINITE')
    const sure = () => clusteredMeanInterval([1, 2], ['a', 'b'], { level: 1 })
    expect(codeOf(sure)).toBe('INVALID_ARGUMENT')
  })
})

describe('clusteredProportionInterval', () => {
  it('agrees with Korn and Graubard by scipy', () => {
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

describe('clusteredBootstrapInterval', () => {
  const twenty = Array.from({ length: 60 }, (_, index) => Math.sin(index) + (index % 20) / 10)
  const prompts = twenty.map((_, index) => index % 20)

  it('agrees with numpy on the same draws', () => {
    for (const { values, clusters, draws, level, expected } of oracle.clusteredBootstrap) {
      let next = 0
      const recorded: Random = { ...createRandom(0), integer: () => draws[next++]! }
      const interval = clusteredBootstrapInterval({
        items: values,
        clusters,
        statistic: (items) => average(items.map(Math.exp)),
        random: recorded,
        resamples: 400,
        level,
      })
      expect(next).toBe(draws.length)
      expectClose(bounds(interval), expected, 1e-12)
    }
  })

  it('is close to the t interval of a mean', () => {
    const random = createRandom('bootstrap')
    const interval = clusteredBootstrapInterval({
      items: twenty,
      clusters: prompts,
      statistic: average,
      random,
    })!
    const expected = clusteredMeanInterval(twenty, prompts)!
    const width = expected.high - expected.low
    expect(Math.abs(interval.low - expected.low)).toBeLessThan(0.1 * width)
    expect(Math.abs(interval.high - expected.high)).toBeLessThan(0.1 * width)
    expect(interval.level).toBe(0.95)
  })

  it('is the same for the same seed', () => {
    const once = () =>
      clusteredBootstrapInterval({
        items: twenty,
        clusters: prompts,
        statistic: average,
        random: createRandom(5),
        resamples: 300,
      })
    expect(once()).toEqual(once())
  })

  const withStatistic = (statistic: (items: readonly number[]) => number | null) =>
    clusteredBootstrapInterval({
      items: twenty,
      clusters: prompts,
      statistic,
      random: createRandom(1),
      resamples: 100,
      level: 0.8,
    })

  it('is null where the statistic is undefined, has no spread or never passes the estimate', () => {
    expect(withStatistic(() => null)).toBeNull()
    expect(withStatistic((items) => (items.length < 60 ? null : average(items)))).toBeNull()
    expect(withStatistic(() => 0.3)).toBeNull()
    expect(withStatistic((items) => new Set(items).size)).toBeNull()
    expect(withStatistic((items) => -new Set(items).size)).toBeNull()
    let calls = 0
    const nullLater = (items: readonly number[]) => (calls++ === 50 ? null : average(items))
    expect(withStatistic(nullLater)).toBeNull()
  })

  it('is null for so few clusters that the percentiles lie beyond the replicates', () => {
    const few = (clusters: readonly number[]) =>
      clusteredBootstrapInterval({
        items: [1, 5, 2, 7].slice(0, clusters.length),
        clusters,
        statistic: average,
        random: createRandom(1),
      })
    expect(few([1, 1, 1])).toBeNull()
    expect(few([1, 2, 3])).toBeNull()
  })

  it('is null where the acceleration is too strong for the level', () => {
    const items = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    const interval = clusteredBootstrapInterval({
      items,
      clusters: items.map((_, index) => index),
      statistic: (values) => average(values.map((value) => 100 ** value)),
      random: createRandom(1),
      level: 0.999999,
    })
    expect(interval).toBeNull()
  })

  it('refuses NaN, empty lists and too few resamples', () => {
    expect(codeOf(() => withStatistic(() => Number.NaN))).toBe('NOT_FINITE')
    const random = createRandom(1)
    const empty = () =>
      clusteredBootstrapInterval({ items: [], clusters: [], statistic: average, random })
    expect(codeOf(empty)).toBe('EMPTY_INPUT')
    const unequal = () =>
      clusteredBootstrapInterval({ items: [1], clusters: [], statistic: average, random })
    expect(codeOf(unequal)).toBe('SHAPE_MISMATCH')
    const few = () =>
      clusteredBootstrapInterval({
        items: [1, 2],
        clusters: [1, 2],
        statistic: average,
        random,
        resamples: 99,
      })
    expect(codeOf(few)).toBe('INVALID_ARGUMENT')
  })
})

describe('deleteAGroup', () => {
  const clusters = Array.from({ length: 330 }, (_, index) => `prompt ${index % 110}`)

  it('leaves every item out once, and never splits a cluster', () => {
    const samples = deleteAGroup({ clusters, random: createRandom(3), groups: 20 })
    expect(samples).toHaveLength(20)
    const left = new Map<string, number>()
    for (const [group, sample] of samples.entries()) {
      const kept = new Set(sample)
      expect(sample).toEqual([...kept].sort((a, b) => a - b))
      for (const [index, cluster] of clusters.entries()) {
        if (!kept.has(index)) {
          expect(left.get(cluster) ?? group).toBe(group)
          left.set(cluster, group)
        }
      }
    }
    expect(left.size).toBe(110)
    const sizes = samples.map((sample) => 330 - sample.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(3)
  })

  it('leaves out one cluster at a time where there are few, in their order', () => {
    const samples = deleteAGroup({ clusters: ['a', 'b', 'a', 'c'], random: createRandom(3) })
    expect(samples).toEqual([
      [1, 3],
      [0, 2, 3],
      [0, 1, 2],
    ])
    expect(deleteAGroup({ clusters, random: createRandom(3) })).toHaveLength(50)
  })

  it('refuses nothing, and fewer than two groups', () => {
    const random = createRandom(3)
    expect(codeOf(() => deleteAGroup({ clusters: [], random }))).toBe('EMPTY_INPUT')
    expect(codeOf(() => deleteAGroup({ clusters, random, groups: 1 }))).toBe('INVALID_ARGUMENT')
  })
})

describe('jackknifeInterval', () => {
  it('agrees with numpy', () => {
    for (const { estimate, leaveOneOut, expected } of oracle.jackknife) {
      expectClose(bounds(jackknifeInterval({ estimate, leaveOneOut })), expected, 1e-12)
    }
  })

  it('is the t interval of a mean where each item is a group', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6]
    const clusters = values.map((_, index) => index)
    const samples = deleteAGroup({ clusters, random: createRandom(1) })
    const leaveOneOut = samples.map((kept) => average(kept.map((index) => values[index]!)))
    const interval = jackknifeInterval({ estimate: average(values), leaveOneOut })
    expectClose(bounds(interval), bounds(clusteredMeanInterval(values, clusters)), 1e-12)
  })

  it('is cut to the range of the measure', () => {
    const leaveOneOut = [0.9, 0.95, 1]
    const interval = jackknifeInterval({ estimate: 0.95, leaveOneOut, range: [0, 1] })!
    expect(interval.high).toBe(1)
    const outside = () => jackknifeInterval({ estimate: 1.1, leaveOneOut, range: [0, 1] })
    expect(codeOf(outside)).toBe('INVALID_ARGUMENT')
  })

  it('is null for one group, and where no spread is seen', () => {
    expect(jackknifeInterval({ estimate: 1, leaveOneOut: [2] })).toBeNull()
    expect(jackknifeInterval({ estimate: 1, leaveOneOut: [2, 2, 2] })).toBeNull()
    expect(jackknifeInterval({ estimate: 0.3, leaveOneOut: [0.3, 0.1 + 0.2] })).toBeNull()
  })

  it('refuses nothing and NaN', () => {
    expect(codeOf(() => jackknifeInterval({ estimate: 1, leaveOneOut: [] }))).toBe('EMPTY_INPUT')
    const estimate = Number.NaN
    expect(codeOf(() => jackknifeInterval({ estimate, leaveOneOut: [1, 2] }))).toBe('NOT_FINITE')
    expect(codeOf(() => jackknifeInterval({ estimate: 1, leaveOneOut: [1, estimate] }))).toBe(
      'NOT_FINITE',
    )
  })
})
