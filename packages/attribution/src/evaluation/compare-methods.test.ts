import { clusteredMeanInterval } from '@assay/core/statistics'
import { describe, expect, it } from 'vitest'
import { compareMethods } from './compare-methods.js'
import type { ExemplarEvaluation, ExemplarRanks } from './exemplar-evaluation.js'

const failsWith = (code: string) => expect.objectContaining({ code })

/** Two queries for each of some models, one exemplar each, at the given ranks. */
const evaluationOf = (ranks: readonly number[]): ExemplarEvaluation => ({
  ...{ table: [], cutoffs: [5], poolSize: 100, warnings: [] },
  queries: ranks.map((rank, at): ExemplarRanks => {
    const model = `model ${Math.floor(at / 2)}`
    const promptType = at % 2 === 0 ? 'gpt' : 'media'
    return {
      id: `q${at}`,
      model,
      cluster: model,
      split: 'test',
      promptType,
      ranks: [rank],
      others: 100,
    }
  }),
})

const before = evaluationOf([9, 40, 3, 8, 70, 2])
const after = evaluationOf([1, 6, 2, 1, 4, 2])
const methods = [
  { name: 'untuned', evaluation: before },
  { name: 'tuned', evaluation: after },
]

describe('compareMethods', () => {
  it('gives each value beside its paired difference from the baseline', () => {
    const { baseline, rows } = compareMethods({ methods })
    expect(baseline).toBe('untuned')
    expect(rows.map(({ group, queries, models }) => [group, queries, models])).toEqual([
      [{ split: 'test', promptType: 'gpt' }, 3, 3],
      [{ split: 'test', promptType: 'media' }, 3, 3],
      [{}, 6, 3],
    ])
    const recall = rows.at(-1)!.measures[0]!
    expect(recall).toMatchObject({ id: 'recall@5', ceiling: 1, chance: 5 / 101 })
    const [untuned, tuned] = recall.methods
    expect(untuned!.value).toBeCloseTo(2 / 6, 14)
    expect(tuned!.value).toBeCloseTo(5 / 6, 14)
    expect(untuned!.difference).toBeNull()
    const differences = [1, 0, 0, 1, 1, 0]
    const clusters = [0, 0, 1, 1, 2, 2]
    expect(tuned!.difference!.value).toBeCloseTo(0.5, 14)
    expect(tuned!.difference!.interval).toEqual(
      clusteredMeanInterval(differences, clusters, { range: [-1, 1] }),
    )
  })

  it('turns signs round with another baseline, and pairs queries by name, not by place', () => {
    const shuffled = { ...after, queries: [...after.queries].reverse() }
    const { rows } = compareMethods({
      methods: [methods[0]!, { name: 'tuned', evaluation: shuffled }],
      baseline: 'tuned',
      by: [],
    })
    expect(rows.length).toBe(1)
    expect(rows[0]!.measures[0]!.methods[0]!.difference!.value).toBeCloseTo(-0.5, 14)
    expect(rows[0]!.measures[0]!.methods[1]!.difference).toBeNull()
  })

  it('says why a difference has no interval', () => {
    const { rows } = compareMethods({
      methods: [methods[0]!, { name: 'same', evaluation: before }],
    })
    expect(rows.at(-1)!.measures[0]!.methods[1]!.difference).toMatchObject({
      ...{ value: 0, interval: null, reason: expect.any(String) },
    })
  })

  it('refuses methods that did not do the same', () => {
    const [untuned] = methods as [(typeof methods)[0]]
    const changed = (change: Partial<ExemplarRanks>) => ({
      name: 'other',
      evaluation: { ...after, queries: after.queries.map((query) => ({ ...query, ...change })) },
    })
    const fewer = { name: 'other', evaluation: evaluationOf([1, 6]) }
    for (const other of [fewer, changed({ others: 99 }), changed({ ranks: [1, 2] })]) {
      expect(() => compareMethods({ methods: [untuned, other] })).toThrow(
        failsWith('INVALID_ARGUMENT'),
      )
    }
    expect(() => compareMethods({ methods: [untuned] })).toThrow(failsWith('INVALID_ARGUMENT'))
    expect(() => compareMethods({ methods, baseline: 'x' })).toThrow(failsWith('INVALID_ARGUMENT'))
    expect(() => compareMethods({ methods: [untuned, untuned] })).toThrow(failsWith('DUPLICATE_ID'))
  })
})
