import { createMatrix, type Neighbour, type VectorMetric } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { describeRecall } from './describe-recall.js'
import { measureRecall } from './measure-recall.js'

const queries = (rows: number) => createMatrix({ data: new Float32Array(rows), columns: 1 })
const list = (...scores: number[]): Neighbour[] =>
  scores.map((score, row) => ({ id: String(row), row, score }))

/** Measures given results against given truth. */
const measure = (
  found: Neighbour[][],
  truth: Neighbour[][],
  { k = 2, metric = 'euclidean' as VectorMetric } = {},
) =>
  measureRecall({
    index: { metric, nearest: async () => found },
    exact: { nearest: async () => truth },
    queries: queries(truth.length),
    k,
  })

describe('measureRecall', () => {
  it('counts the true neighbours that were found, over all queries', async () => {
    const truth = [list(1, 2), list(1, 2), list(1, 2), list(1, 2)]
    const found = [list(1, 2), list(1, 3), list(2, 4), list(5, 6)]
    const recall = await measure(found, truth)
    expect(recall).toMatchObject({ id: 'recall@2', value: 0.5, unit: 'share', n: 8, missing: 0 })
    expect(recall.interval?.method).toBe('clustered wilson')
    expect(recall.interval?.low).toBeLessThan(0.5)
    expect(recall.interval?.high).toBeGreaterThan(0.5)
  })

  it('takes another neighbour at the same distance for found', async () => {
    expect((await measure([list(1, 2, 2)], [list(1, 2)])).value).toBe(1)
    expect((await measure([list(0.9, 0.8)], [list(0.9, 0.8)], { metric: 'cosine' })).value).toBe(1)
    expect((await measure([list(0.9, 0.7)], [list(0.9, 0.8)], { metric: 'cosine' })).value).toBe(
      0.5,
    )
  })

  it('gives no interval for one query, and no value for an empty index', async () => {
    expect(await measure([list(1)], [list(1, 2)])).toMatchObject({
      value: 0.5,
      interval: null,
      reason: expect.stringContaining('one query'),
    })
    expect(await measure([[]], [[]])).toMatchObject({
      value: null,
      interval: null,
      reason: 'the index is empty',
    })
  })

  it('refuses to measure without queries', async () => {
    await expect(measure([], [])).rejects.toThrowError(
      expect.objectContaining({ code: 'EMPTY_INPUT' }),
    )
  })
})

describe('describeRecall', () => {
  it('says the value with its interval', async () => {
    const truth = Array.from({ length: 50 }, () => list(1, 2))
    const found = truth.map((neighbours, at) => (at % 10 === 0 ? list(1, 3) : neighbours))
    const recall = await measure(found, truth)
    expect(describeRecall(recall)).toMatch(/^recall@2 0\.950 \(95 %: 0\.\d{3} to 0\.\d{3}\)$/)
  })

  it('says that nothing was measured', async () => {
    expect(describeRecall(await measure([[]], [[]]))).toBe('recall not measured')
    expect(describeRecall(await measure([list(1)], [list(1, 2)]))).toBe('recall@2 0.500')
  })
})
