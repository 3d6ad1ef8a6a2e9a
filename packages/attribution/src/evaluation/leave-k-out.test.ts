import { describe, expect, it } from 'vitest'
import { equivalentRandomRemovals } from './equivalent-random-removals.js'
import { leaveKOut, type Removal } from './leave-k-out.js'

const failsWith = (code: string) => expect.objectContaining({ code })

const before = [1, 2, 3, 4]
const after = (method: string, removed: number, changes: readonly number[]): Removal => ({
  ...{ method, removed },
  values: changes.map((change, query) => before[query]! + change),
})

describe('leaveKOut', () => {
  const removals = [
    after('cosine', 500, [0.4, 0.6, 0.5, 0.5]),
    after('random', 500, [0.1, 0.2, 0.1, 0]),
    after('cosine', 1000, [0.8, 0.9, 0.7, 0.8]),
  ]

  it('takes the loss before off, and compares with as many random removals', () => {
    const [cosine, random, more] = leaveKOut({ removals, before })
    expect(cosine!.change.value).toBeCloseTo(0.5, 12)
    // A t interval of four queries: 0.5 ± 3.182 · 0.0816 / 2.
    expect(cosine!.change.interval!.low).toBeCloseTo(0.3701, 3)
    expect(cosine!.overRandom!.value).toBeCloseTo(0.4, 12)
    expect(random).toMatchObject({ queries: 4, overRandom: null })
    expect(more!.overRandom).toBeNull()
  })

  it('takes deviations as they are without a loss before', () => {
    const [row] = leaveKOut({ removals: [{ method: 'cosine', removed: 5, values: [0.2, 0.4] }] })
    expect(row!.change.value).toBeCloseTo(0.3, 12)
  })

  it('clusters the queries of one model', () => {
    const [row] = leaveKOut({ removals, before, clusters: ['a', 'a', 'a', 'a'] })
    expect(row!.change.interval).toBeNull()
    expect(row!.change.reason).toMatch(/clusters/)
  })

  it('refuses lists that do not belong together', () => {
    expect(() => leaveKOut({ removals: [] })).toThrow(failsWith('EMPTY_INPUT'))
    expect(() => leaveKOut({ removals, before: [1] })).toThrow(failsWith('SHAPE_MISMATCH'))
    expect(() => leaveKOut({ removals, clusters: ['a'] })).toThrow(failsWith('SHAPE_MISMATCH'))
    expect(() => leaveKOut({ removals: [...removals, removals[0]!] })).toThrow(
      failsWith('DUPLICATE_ID'),
    )
    expect(() => leaveKOut({ removals: [{ ...removals[0]!, removed: 0 }] })).toThrow(
      failsWith('INVALID_ARGUMENT'),
    )
    const values = [1, Number.NaN]
    expect(() => leaveKOut({ removals: [{ method: 'a', removed: 1, values }] })).toThrow(
      failsWith('NOT_FINITE'),
    )
  })
})

describe('equivalentRandomRemovals', () => {
  // Random removals of K pictures change each query by K / 10,000, some more and some less.
  const spread = [-0.01, 0, 0, 0.01]
  const random = [1000, 5000, 20_000].map((removed) =>
    after(
      'random',
      removed,
      spread.map((more) => removed / 10_000 + more),
    ),
  )
  const removal = after('cosine', 500, [1.2, 1.25, 1.25, 1.3])

  it('has an interval over queries', () => {
    const queries = Array.from({ length: 40 }, (_, query) => query)
    const valuesOf = (change: number) => queries.map((query) => change + 0.05 * Math.sin(query))
    const curve = [1000, 5000, 20_000].map((removed) => ({
      ...{ method: 'random', removed },
      values: valuesOf(removed / 10_000).reverse(),
    }))
    const { interval } = equivalentRandomRemovals({
      removal: { method: 'cosine', removed: 500, values: valuesOf(1.25) },
      random: curve,
    })
    expect(interval!.low).toBeGreaterThan(12_000)
    expect(interval!.low).toBeLessThan(12_500)
    expect(interval!.high).toBeGreaterThan(12_500)
    expect(interval!.high).toBeLessThan(13_000)
  })

  it('reads the curve of random removals where the method stands', () => {
    const { value } = equivalentRandomRemovals({ removal, random, before })
    expect(value).toBeCloseTo(12_500, 6)
  })

  it('pools what falls on the curve, and takes the fewest pictures of a level stretch', () => {
    const curve = [
      after('random', 10, [0, 0, 0, 0]),
      after('random', 20, [3, 3, 3, 3]),
      after('random', 30, [1, 1, 1, 1]),
      after('random', 40, [4, 4, 4, 4]),
    ]
    const level = after('cosine', 5, [2, 2, 2, 2])
    expect(equivalentRandomRemovals({ removal: level, random: curve, before }).value).toBe(20)
    const half = after('cosine', 5, [1, 1, 1, 1])
    expect(equivalentRandomRemovals({ removal: half, random: curve, before }).value).toBe(15)
  })

  it('extrapolates nothing', () => {
    for (const changes of [
      [3, 3, 3, 3],
      [0, 0, 0, 0],
    ]) {
      const far = after('cosine', 500, changes)
      const { value, interval, reason } = equivalentRandomRemovals({ removal: far, random, before })
      expect([value, interval]).toEqual([null, null])
      expect(reason).toMatch(/random removals reached/)
    }
  })

  it('refuses a curve of one point', () => {
    expect(() => equivalentRandomRemovals({ removal, random: random.slice(1, 2), before })).toThrow(
      failsWith('INVALID_ARGUMENT'),
    )
  })
})
