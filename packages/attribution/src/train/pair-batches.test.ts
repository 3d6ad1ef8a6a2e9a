import { createMatrix, createRandom, type Tensor } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairBatches, pairRows } from './pair-batches.js'

/** Models of these numbers of exemplars and queries, rows in order. */
function modelsOf(counts: readonly (readonly [exemplars: number, queries: number])[]) {
  const [exemplars, queries] = [0, 1].map((side) => {
    let row = 0
    return counts.map((own) => Array.from({ length: own[side] ?? 0 }, () => row++))
  })
  return counts.map((_, model) => ({
    exemplars: exemplars?.[model] ?? [],
    queries: queries?.[model] ?? [],
  }))
}

function take<Value>(source: Iterable<Value>, count: number): Value[] {
  const taken: Value[] = []
  for (const value of source) if (taken.push(value) >= count) break
  return taken
}

const count = fc.integer({ min: 1, max: 6 })
const counts = fc.array(fc.tuple(count, count), { minLength: 2, maxLength: 40 })

describe('pairRows', () => {
  it('never puts two pairs of one model into a batch, and pairs only what belongs together', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 2, max: 50 }), fc.nat(), (given, batchSize, seed) => {
        const models = modelsOf(given)
        const batches = take(
          pairRows({ models, batchSize, order: 'shuffled' }, createRandom(seed)),
          20,
        )
        const exemplarOwner = models.flatMap(({ exemplars }, model) => exemplars.map(() => model))
        const queryOwner = models.flatMap(({ queries }, model) => queries.map(() => model))
        for (const { real, synthetic } of batches) {
          const owners = real.map((row) => exemplarOwner[row])
          expect(new Set(owners).size).toBe(real.length)
          expect(synthetic.map((row) => queryOwner[row])).toEqual(owners)
          expect(real.length).toBeLessThanOrEqual(batchSize)
        }
      }),
      { seed: 2, numRuns: 100 },
    )
  })

  it('visits every model once a pass, and every query before one comes again', () => {
    const models = modelsOf([
      [1, 3],
      [4, 3],
      [2, 3],
      [1, 3],
      [1, 3],
    ])
    const passes = (seed: number) => {
      const source = pairRows({ models, batchSize: 2, order: 'shuffled' }, createRandom(seed))
      return take(source, 9)
    }
    const batches = passes(1)
    // Three batches are a pass; three passes see all 15 queries.
    expect(
      batches
        .slice(0, 3)
        .map(({ real }) => real.length)
        .sort(),
    ).toEqual([1, 2, 2])
    const seen = batches.flatMap(({ synthetic }) => synthetic).sort((a, b) => a - b)
    expect(seen).toEqual(Array.from({ length: 15 }, (_, row) => row))
    expect(passes(1)).toEqual(batches)
    expect(passes(2)).not.toEqual(batches)
  })

  it('draws exemplars evenly', () => {
    const models = modelsOf([
      [4, 1],
      [1, 1],
    ])
    const source = pairRows({ models, batchSize: 2, order: 'shuffled' }, createRandom(3))
    const drawn = take(source, 4000).flatMap(({ real }) => real.filter((row) => row < 4))
    for (const row of [0, 1, 2, 3]) {
      const share = drawn.filter((other) => other === row).length / 4000
      const standardError = Math.sqrt((0.25 * 0.75) / 4000)
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * standardError)
    }
  })

  it('takes models and pictures in turn where that is wanted', () => {
    const models = modelsOf([
      [2, 2],
      [1, 3],
    ])
    const source = pairRows({ models, batchSize: 9, order: 'as-given' }, createRandom(0))
    expect(take(source, 4)).toEqual([
      { real: [0, 2], synthetic: [0, 2] },
      { real: [1, 2], synthetic: [1, 3] },
      { real: [0, 2], synthetic: [0, 4] },
      { real: [1, 2], synthetic: [1, 2] },
    ])
  })

  it.each([
    ['one model', [[1, 1]], 4, 'EMPTY_INPUT'],
    [
      'a batch of one',
      [
        [1, 1],
        [1, 1],
      ],
      1,
      'INVALID_ARGUMENT',
    ],
  ] as const)('refuses %s', (_, given, batchSize, code) => {
    const source = pairRows(
      { models: modelsOf(given), batchSize, order: 'shuffled' },
      createRandom(0),
    )
    expect(() => source.next()).toThrow(expect.objectContaining({ code }))
  })
})

describe('pairBatches', () => {
  const rows = (values: number[]) => createMatrix({ data: values.map((value) => [value, -value]) })
  const options = {
    models: modelsOf([
      [1, 1],
      [1, 1],
      [1, 1],
    ]),
    exemplars: rows([1, 2, 3]),
    queries: rows([10, 20, 30]),
    pool: rows([7, 8, 9, 10]),
    poolRows: 3,
    batchSize: 3,
    steps: 5,
    order: 'as-given' as const,
    seed: 1,
    type: 'float64' as const,
  }
  const valuesOf = (tensor: Tensor | undefined) => Array.from(tensor?.data ?? [], Number)

  it('gathers rows in the type that is wanted, with others of the pool each time', () => {
    const batches = [...pairBatches(options)] as Record<string, Tensor>[]
    expect(batches).toHaveLength(5)
    expect(batches[0]?.['real']).toMatchObject({ type: 'float64', dims: [3, 2] })
    expect(valuesOf(batches[0]?.['real'])).toEqual([1, -1, 2, -2, 3, -3])
    expect(valuesOf(batches[0]?.['synthetic'])).toEqual([10, -10, 20, -20, 30, -30])
    const negatives = batches.flatMap(({ pool }) => valuesOf(pool).filter((value) => value > 0))
    expect(negatives).toHaveLength(15)
    // All four before one comes again.
    expect(negatives.slice(0, 4).sort((a, b) => a - b)).toEqual([7, 8, 9, 10])
  })

  it('has no pool where there is none, and comes out the same again', () => {
    const batches = pairBatches({ ...options, pool: null, type: 'float32', order: 'shuffled' })
    expect([...batches]).toEqual([...batches])
    expect(Object.keys([...batches][0] ?? {})).toEqual(['real', 'synthetic'])
  })
})
