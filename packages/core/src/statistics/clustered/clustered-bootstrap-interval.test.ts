import { describe, expect, it } from 'vitest'
import { createRandom, type Interval, type Random } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import { meanAndVariance } from '../mean-and-variance.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { clusteredBootstrapInterval } from './clustered-bootstrap-interval.js'
import { clusteredMeanInterval } from './clustered-mean-interval.js'

const bounds = (interval: Interval | null) => [interval!.low, interval!.high]
const average = (values: readonly number[]) => meanAndVariance(values).mean

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

  it('needs no acceleration where no single cluster matters', () => {
    const items = [1, 1, 1, 2, 2, 2, 3, 3, 3]
    const interval = clusteredBootstrapInterval({
      items,
      clusters: items.map((_, index) => index),
      statistic: (values) => [...values].sort()[Math.floor(values.length / 2)]!,
      random: createRandom(1),
    })
    expect(bounds(interval)).toEqual([1, 3])
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
