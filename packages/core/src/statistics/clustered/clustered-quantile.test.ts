import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../__fixtures__/expect-close.js'
import { clusteredQuantile } from './clustered-quantile.js'
import oracle from './clustered-quantile.oracle.json' with { type: 'json' }

const each = (values: readonly number[]) => values.map((_, index) => index)

describe('clusteredQuantile', () => {
  it('is the order statistics of scipy where every cluster has one item, with ties and without', () => {
    const range = [-100, 100] as const
    for (const { values, quantile, level, estimate, low, high } of oracle.cases) {
      const options = { quantile, level, range }
      const found = clusteredQuantile(values, each(values), options)
      expect(found.estimate).toBe(estimate)
      expect(found.interval).toMatchObject({ low: low ?? -100, high: high ?? 100, level })
    }
  })

  it('widens where items hang together, and not for clusters that tell nothing', () => {
    const values = Array.from(
      { length: 240 },
      (_, index) => Math.floor(index / 4) * 1.5 + 0.001 * (index % 4),
    )
    const widthOf = (clusters: readonly number[]) => {
      const { low = 0, high = 0 } =
        clusteredQuantile(values, clusters, { quantile: 0.5, range: [-1, 100] }).interval ?? {}
      return high - low
    }
    const alone = widthOf(each(values))
    expect(widthOf(values.map((_, index) => Math.floor(index / 4)))).toBeGreaterThan(1.8 * alone)
    expect(widthOf(values.map((_, index) => index % 60))).toBeLessThan(1.4 * alone)
  })

  it('holds its estimate, grows with the level, and moves with the quantile', () => {
    const items = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 9 })),
      {
        minLength: 2,
        maxLength: 40,
      },
    )
    fc.assert(
      fc.property(items, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (drawn, quantile) => {
        const values = drawn.map(([value]) => value)
        const clusters = drawn.map(([, cluster]) => cluster)
        fc.pre(new Set(clusters).size > 1)
        const of = (level: number, q = quantile) =>
          clusteredQuantile(values, clusters, { quantile: q, level, range: [0, 12] })
        const { estimate, interval } = of(0.8)
        const wide = of(0.99).interval
        expect(
          values.filter((value) => value <= estimate).length / values.length,
        ).toBeGreaterThanOrEqual(quantile - 1e-9)
        expect(interval!.low).toBeLessThanOrEqual(estimate)
        expect(interval!.high).toBeGreaterThanOrEqual(estimate)
        expect(wide!.low).toBeLessThanOrEqual(interval!.low)
        expect(wide!.high).toBeGreaterThanOrEqual(interval!.high)
        expect(of(0.8, (quantile + 1) / 2).estimate).toBeGreaterThanOrEqual(estimate)
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('has no interval for one cluster, or where nothing bounds it', () => {
    expect(clusteredQuantile([1, 2, 3], ['a', 'a', 'a'], { quantile: 0.5 })).toEqual({
      estimate: 2,
      interval: null,
    })
    const few = [3, 1, 2]
    expect(clusteredQuantile(few, each(few), { quantile: 0.9 })).toEqual({
      estimate: 3,
      interval: null,
    })
    const cut = clusteredQuantile(few, each(few), { quantile: 0.9, range: [0, 10] })
    expect(cut.interval).toMatchObject({ high: 10 })
  })

  it.each([
    ['EMPTY_INPUT', [], [], {}],
    ['SHAPE_MISMATCH', [1], [], {}],
    ['NOT_FINITE', [Number.NaN], [1], {}],
    ['INVALID_ARGUMENT', [1], [1], { quantile: 1 }],
    ['INVALID_ARGUMENT', [1], [1], { level: 0 }],
    ['INVALID_ARGUMENT', [2], [1], { range: [0, 1] as const }],
  ])('refuses with %s', (code, values, clusters, options) => {
    expect(codeOf(() => clusteredQuantile(values, clusters, { quantile: 0.5, ...options }))).toBe(
      code,
    )
  })
})
