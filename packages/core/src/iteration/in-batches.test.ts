import { describe, expect, it } from 'vitest'
import { inBatches } from './in-batches.js'

const batchesOf = async (items: Iterable<number>, size: number) => {
  const batches: (readonly number[])[] = []
  for await (const batch of inBatches(items, size)) batches.push(batch)
  return batches
}

describe('inBatches', () => {
  it('fills every batch but the last', async () => {
    expect(await batchesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    expect(await batchesOf([1, 2, 3, 4], 2)).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  it('gives no batch of nothing', async () => {
    expect(await batchesOf([], 3)).toEqual([])
  })

  it('takes no more items than the batch needs', async () => {
    const taken: number[] = []
    function* items() {
      for (let item = 0; item < 9; item += 1) {
        taken.push(item)
        yield item
      }
    }
    for await (const _ of inBatches(items(), 3)) break
    expect(taken).toEqual([0, 1, 2])
  })
})
