import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, type Interval } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import { meanAndVariance } from '../mean-and-variance.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { clusteredMeanInterval } from './clustered-mean-interval.js'

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
