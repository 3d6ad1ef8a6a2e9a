import { createMatrix } from '@assay/core'
import { mulberry32 } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { evaluateExemplars } from './evaluate-exemplars.js'
import { evaluateLargerSets } from './evaluate-larger-sets.js'

const failsWith = (code: string) => expect.objectContaining({ code })

const { normal } = mulberry32(31)
const columns = 8
const rows = (count: number, mark = 0) => {
  const data = Float32Array.from({ length: count * columns }, (_, at) =>
    at % columns === 0 ? mark + 0.4 * normal() : normal(),
  )
  return featuresFromMatrix(createMatrix({ data, columns }))
}
const sizes = [1, 5, 1, 5, 20]
const starts = sizes.map((_, model) => sizes.slice(0, model).reduce((a, b) => a + b, 0))
const test = {
  pool: rows(300),
  exemplars: rows(32, 2),
  queries: rows(10, 2),
  models: sizes.map((size, model) => ({
    id: String(model),
    exemplars: Array.from({ length: size }, (_, at) => starts[model]! + at),
    queries: { any: [2 * model, 2 * model + 1] },
  })),
}

describe('evaluateLargerSets', () => {
  it('has figures by exemplar count for each pool size, the whole as evaluateExemplars has it', async () => {
    const results = await evaluateLargerSets({ ...test, poolSizes: ['all', 50, 1000, 100] })
    expect(results.map(({ poolSize }) => poolSize)).toEqual([50, 100, 300])
    expect(results[0]!.table.map(({ group, models }) => [group, models])).toEqual([
      [{ exemplars: '1' }, 2],
      [{ exemplars: '5' }, 2],
      [{ exemplars: '20' }, 1],
      [{}, 5],
    ])
    const ids = results[0]!.table[0]!.measures.map(({ id }) => id)
    expect(ids).toEqual(['recall@10', 'hit@10', 'mAP'])
    expect(results[0]!.table[2]!.measures[0]).toMatchObject({ ceiling: 0.5, chance: 10 / 70 })
    const whole = await evaluateExemplars({ ...test, cutoffs: [10] })
    expect(results.at(-1)!.evaluation).toEqual(whole)
  })

  it('ranks never get better as the pool grows, since a sample is part of every larger one', async () => {
    const results = await evaluateLargerSets({
      ...test,
      poolSizes: [20, 60, 150, 'all'],
      seed: 'a',
    })
    const ranks = results.map(({ evaluation }) =>
      evaluation.queries.flatMap(({ ranks: own }) => own),
    )
    for (let size = 1; size < ranks.length; size++) {
      ranks[size]!.forEach((rank, at) => {
        expect(rank).toBeGreaterThanOrEqual(ranks[size - 1]![at]!)
      })
    }
    const again = await evaluateLargerSets({ ...test, poolSizes: [20, 60, 150, 'all'], seed: 'a' })
    expect(again).toEqual(results)
    const other = await evaluateLargerSets({ ...test, poolSizes: [20], seed: 'b' })
    expect(other[0]!.evaluation.queries).not.toEqual(results[0]!.evaluation.queries)
  })

  it('reports the exemplar counts that are asked for', async () => {
    const [result] = await evaluateLargerSets({
      ...test,
      poolSizes: ['all'],
      exemplarCounts: [1, 20],
    })
    expect(result!.table.map(({ group }) => group)).toEqual([
      { exemplars: '1' },
      { exemplars: '20' },
      {},
    ])
  })

  it('refuses sizes that cannot be', async () => {
    const wrong = [
      { poolSizes: [0] },
      { poolSizes: [1.5] },
      { exemplarCounts: [-1] },
      { exemplarCounts: [7] },
    ]
    for (const part of wrong) {
      await expect(evaluateLargerSets({ ...test, ...part })).rejects.toThrow(
        failsWith('INVALID_ARGUMENT'),
      )
    }
  })
})
