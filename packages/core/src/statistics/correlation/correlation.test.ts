import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../index.js'
import { codeOf, expectClose } from '../__fixtures__/expect-close.js'
import oracle from '../statistics.oracle.json' with { type: 'json' }
import { averageRanks } from './average-ranks.js'
import { kendall } from './kendall.js'
import { spearman } from './spearman.js'

const seeded = { seed: 8, numRuns: 200 }
const pairs = fc.integer({ min: 2, max: 40 }).chain((length) => {
  const list = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: length, maxLength: length })
  return fc.tuple(list, list)
})
const distinct = (values: readonly number[]) => new Set(values).size > 1

describe('averageRanks', () => {
  it('agrees with scipy', () => {
    for (const { first, ranks } of oracle.correlation) expect(averageRanks(first)).toEqual(ranks)
  })

  it('takes a typed array, and nothing', () => {
    expect(averageRanks(Float32Array.of(3, 1, 3))).toEqual([2.5, 1, 2.5])
    expect(averageRanks([])).toEqual([])
  })
})

describe.each([
  ['spearman', spearman],
  ['kendall', kendall],
] as const)('%s', (name, correlate) => {
  it('agrees with scipy', () => {
    for (const row of oracle.correlation) {
      expectClose(correlate(row.first, row.second)!, row[name], 1e-12)
    }
  })

  it('is symmetric, within [-1, 1], and 1 with itself', () => {
    fc.assert(
      fc.property(pairs, ([first, second]) => {
        fc.pre(distinct(first) && distinct(second))
        const value = correlate(first, second)!
        expect(Math.abs(value)).toBeLessThanOrEqual(1)
        expect(correlate(second, first)).toBeCloseTo(value, 14)
        expect(correlate(first, first)).toBeCloseTo(1, 14)
        expect(
          correlate(
            first,
            first.map((number) => -number),
          ),
        ).toBeCloseTo(-1, 14)
      }),
      seeded,
    )
  })

  it('does not depend on the order of the items or on a rising change of scale', () => {
    const random = createRandom('correlation')
    fc.assert(
      fc.property(pairs, ([first, second]) => {
        fc.pre(distinct(first) && distinct(second))
        const order = random.shuffle(first.map((_, index) => index))
        const shuffled = correlate(
          order.map((index) => Math.exp(first[index]!)),
          order.map((index) => second[index]! ** 3),
        )
        expect(shuffled).toBeCloseTo(correlate(first, second)!, 13)
      }),
      seeded,
    )
  })

  it('is null where a list has one value only', () => {
    expect(correlate([1, 1, 1], [1, 2, 3])).toBeNull()
    expect(correlate([1, 2, 3], [5, 5, 5])).toBeNull()
    expect(correlate([1], [2])).toBeNull()
  })

  it('refuses lists that do not belong together', () => {
    expect(codeOf(() => correlate([1, 2], [1]))).toBe('SHAPE_MISMATCH')
    expect(codeOf(() => correlate([], []))).toBe('EMPTY_INPUT')
    expect(codeOf(() => correlate([1, Number.NaN], [1, 2]))).toBe('NOT_FINITE')
  })
})

describe('reference values', () => {
  it('of Spearman’s correlation with ties', () => {
    expect(spearman([1, 2, 2, 3, 5, 5], [2, 1, 3, 4, 4, 6])).toBeCloseTo(0.8508410435, 10)
  })
})
