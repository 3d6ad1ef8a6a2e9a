import { createMatrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { type RankingBatchesOptions, rankingBatches, stepsPerEpoch } from './ranking-batches.js'

const column = (count: number, from: number) =>
  createMatrix({ data: Array.from({ length: count }, (_, row) => [from + row]) })

const base: RankingBatchesOptions = {
  queries: column(3, 100),
  train: column(50, 0),
  rankings: [
    [1, 2, 3, 4],
    [9, 8, 7, 6],
    [0, 10, 20, 30],
  ],
  batchSize: 5,
  epochs: 2,
  dropout: 0,
  randomWorst: 0,
  hidden: [40],
  seed: 1,
}

const pairsOf = (options: RankingBatchesOptions) =>
  [...rankingBatches(options)].map(({ query, item, target }) =>
    Array.from(query!.data as Float32Array, (value, at) => ({
      query: value - 100,
      item: Number(item!.data[at]),
      target: Number(target!.data[at]),
    })),
  )

describe('rankingBatches', () => {
  it('has every pair once an epoch, in another order each time, with its place as the target', () => {
    const batches = pairsOf(base)
    expect(batches.map((batch) => batch.length)).toEqual([5, 5, 2, 5, 5, 2])
    expect(stepsPerEpoch(base)).toBe(3)
    const epochs = [batches.slice(0, 3).flat(), batches.slice(3).flat()]
    for (const epoch of epochs) {
      expect(new Set(epoch.map(({ query, item }) => `${query} ${item}`)).size).toBe(12)
      for (const { query, item, target } of epoch) {
        expect(base.rankings[query]![4 * target]).toBe(item)
      }
    }
    expect(epochs[0]).not.toEqual(epochs[1])
    expect(pairsOf(base)).toEqual(batches)
  })

  it.each([
    ['few', 50],
    ['most', 6],
  ])('replaces some pictures by ones outside of a ranking that holds %s of them', (_, rows) => {
    const rankings = rows === 50 ? base.rankings : [[0, 1, 2, 3]]
    const queries = column(rankings.length, 100)
    const options = { ...base, rankings, queries, train: column(rows, 0), epochs: 400 }
    const pairs = pairsOf({ ...options, randomWorst: 0.1 }).flat()
    const outside = pairs.filter(({ query, item }) => !Array.from(rankings[query]!).includes(item))
    const share = outside.length / pairs.length
    expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / pairs.length))
    expect(new Set(outside.map(({ target }) => target))).toEqual(new Set([0.75]))
    expect(new Set(outside.map(({ item }) => item)).size).toBe(rows === 50 ? 50 : 2)
  })

  it('replaces nothing where rankings hold all pictures', () => {
    const options = { ...base, rankings: [[2, 0, 1]], queries: column(1, 100), train: column(3, 0) }
    const pairs = pairsOf({ ...options, randomWorst: 0.9 }).flat()
    expect(pairs.map(({ item }) => item).sort()).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('leaves out hidden values with the probability of dropout, independently', () => {
    const options = { ...base, batchSize: 12, epochs: 200, dropout: 0.2 }
    let [zeros, pairs, count] = [0, 0, 0]
    for (const batch of rankingBatches(options)) {
      for (const name of ['query.keep.0', 'item.keep.0']) {
        const { data, dims } = batch[name]!
        expect(dims).toEqual([12, 40])
        const kept = Array.from(data as Uint8Array)
        count += kept.length
        zeros += kept.filter((value) => value === 0).length
        pairs += kept.filter((value, at) => value === 0 && kept[at + 1] === 0).length
      }
    }
    expect(Math.abs(zeros / count - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / count))
    expect(Math.abs(pairs / count - 0.04)).toBeLessThan(0.003)
  })
})
