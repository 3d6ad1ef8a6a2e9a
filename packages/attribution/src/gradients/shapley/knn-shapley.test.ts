import { createRandom } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectNear } from '../__fixtures__/gradient-sets.js'
import { groupSums } from './group-sums.js'
import { knnShapley } from './knn-shapley.js'
import { knnShapleyValues } from './knn-shapley-values.js'

/** Votes of the nearest k of some items, which are named by their rank. */
const utility = (items: readonly number[], matches: readonly number[], k: number): number =>
  [...items]
    .sort((a, b) => a - b)
    .slice(0, k)
    .reduce((sum, item) => sum + matches[item]! / k, 0)

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield []
  for (const item of items) {
    for (const rest of permutations(items.filter((other) => other !== item))) yield [item, ...rest]
  }
}

/** What each item adds when it joins those before it, averaged over all orders of joining. */
function shapleyByDefinition(matches: readonly number[], k: number): number[] {
  const sums = matches.map(() => 0)
  let orders = 0
  for (const order of permutations(matches.map((_, item) => item))) {
    orders += 1
    order.forEach((item, at) => {
      const before = order.slice(0, at)
      sums[item]! += utility([...before, item], matches, k) - utility(before, matches, k)
    })
  }
  return sums.map((sum) => sum / orders)
}

describe('knnShapleyValues', () => {
  it('gives the values of the specification', () => {
    const expected = [
      0.2166666667, -0.1166666667, 0.2166666667, 0.2166666667, -0.0333333333, 0.1666666667,
    ]
    expectNear(knnShapleyValues([1, 0, 1, 1, 0, 1], 3), expected, 1e-10)
  })

  it('equals the mean over all 720 orders of joining, also for more votes than items', () => {
    const matches = [1, 0, 1, 1, 0, 1]
    for (const k of [1, 2, 3, 5, 6, 7, 20]) {
      expectNear(knnShapleyValues(matches, k), shapleyByDefinition(matches, k), 1e-12)
    }
    const few = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 7 }), (some, k) => {
        expectNear(knnShapleyValues(some, k), shapleyByDefinition(some, k), 1e-12)
      }),
      { seed: 15, numRuns: 100 },
    )
  })

  it('sums to the utility of all items', () => {
    const many = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 250 }), (matches, k) => {
        const sum = knnShapleyValues(matches, k).reduce((total, value) => total + value, 0)
        const votes = matches.slice(0, k).filter(Boolean).length / k
        expect(Math.abs(sum - votes)).toBeLessThan(1e-12)
      }),
      { seed: 16, numRuns: 300 },
    )
  })

  it('refuses no items and no votes', () => {
    expect(() => knnShapleyValues([], 1)).toThrow(expect.objectContaining({ code: 'EMPTY_INPUT' }))
    for (const k of [0, 1.5, Number.NaN]) {
      const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
      expect(() => knnShapleyValues([1], k)).toThrow(refused)
    }
  })
})

describe('knnShapley', () => {
  const scores = { data: Float64Array.of(0.9, 0.1, 0.5, 0.1, 0.9, 0.5), rows: 2, columns: 3 }
  const labels = { trainLabels: ['a', 'b', 'a'], queryLabels: ['a', 'b'] }

  it('is the mean over queries, each item in its own place', () => {
    const { values, utility: whole } = knnShapley({ scores, ...labels, k: 1 })
    const first = knnShapleyValues([1, 1, 0], 1)
    const second = knnShapleyValues([1, 0, 0], 1)
    const expected = [
      (first[0]! + second[2]!) / 2,
      (first[2]! + second[0]!) / 2,
      (first[1]! + second[1]!) / 2,
    ]
    expectNear(values, expected, 1e-15)
    expect(whole).toBe(1)
  })

  it('adds up to the mean utility, over groups too, and leaves an unlabelled item without a match', () => {
    const random = createRandom(1)
    const data = Float64Array.from({ length: 20 * 50 }, () => random.normal())
    const of = (count: number) => Array.from({ length: count }, () => 'abc'[random.integer(3)]!)
    const trainLabels = [...of(49), null]
    const result = knnShapley({
      scores: { data, rows: 20, columns: 50 },
      trainLabels,
      queryLabels: of(20),
      k: 7,
    })
    const sums = groupSums(
      result.values,
      trainLabels.map((label) => label ?? 'none'),
    )
    const total = sums.reduce((sum, { value }) => sum + value, 0)
    expect(Math.abs(total - result.utility)).toBeLessThan(1e-12)
    expect(sums.reduce((sum, { items }) => sum + items, 0)).toBe(50)
    expect(result.values[49]).toBeLessThanOrEqual(0)
  })

  it('refuses labels that do not fit, and scores that are NaN', () => {
    const fails = (options: Partial<Parameters<typeof knnShapley>[0]>, code: string) =>
      expect(() => knnShapley({ scores, ...labels, ...options })).toThrow(
        expect.objectContaining({ code }),
      )
    fails({ trainLabels: ['a'] }, 'SHAPE_MISMATCH')
    fails({ queryLabels: ['a'] }, 'SHAPE_MISMATCH')
    const none = { data: new Float64Array(0), rows: 0, columns: 3 }
    fails({ scores: none, queryLabels: [] }, 'EMPTY_INPUT')
    fails({ scores: { ...scores, data: new Float64Array(6).fill(Number.NaN) } }, 'NOT_FINITE')
  })
})

describe('groupSums', () => {
  it('sums by group, largest first, and leaves out what belongs to none', () => {
    expect(groupSums([1, 2, 4, 8], ['a', 'b', null, 'a'])).toEqual([
      { group: 'a', value: 9, items: 2 },
      { group: 'b', value: 2, items: 1 },
    ])
    expect(groupSums([1, 1], ['b', 'a']).map(({ group }) => group)).toEqual(['a', 'b'])
  })

  it('refuses another number of groups than values', () => {
    expect(() => groupSums([1], [])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }))
  })
})
