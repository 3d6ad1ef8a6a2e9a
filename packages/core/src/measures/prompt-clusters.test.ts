import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/create-random.js'
import { leaveGroupsOut, promptClusters } from './prompt-clusters.js'

describe('promptClusters', () => {
  it('puts pictures of one prompt together and leaves pictures without a prompt alone', () => {
    const clusters = promptClusters([
      { id: 'a', prompt: 'a cat' },
      { id: 'b', prompt: null },
      { id: 'c', prompt: 'a cat' },
      { id: 'd', prompt: null },
    ])
    expect(clusters[0]).toBe(clusters[2])
    expect(new Set(clusters).size).toBe(3)
  })

  it('never takes a prompt for the id of a picture', () => {
    const clusters = promptClusters([
      { id: 'a cat', prompt: null },
      { id: 'b', prompt: 'a cat' },
    ])
    expect(new Set(clusters).size).toBe(2)
  })
})

describe('leaveGroupsOut', () => {
  const clusters = Array.from({ length: 100 }, (_, index) => `prompt ${index % 30}`)

  it('keeps clusters whole, and each row is missing where its group is left out, and only there', () => {
    const { kept, groups } = leaveGroupsOut(clusters, { most: 10, random: createRandom(1) })
    const groupOf = new Map(clusters.map((cluster, row) => [cluster, groups[row]]))
    expect(clusters.map((cluster) => groupOf.get(cluster))).toEqual(groups)
    expect(kept.length).toBe(10)
    kept.forEach((rows, group) => {
      expect(rows).toEqual([...clusters.keys()].filter((row) => groups[row] !== group))
    })
  })

  it('depends on the seed only', () => {
    const deal = (seed: number) =>
      leaveGroupsOut(clusters, { most: 10, random: createRandom(seed) })
    expect(deal(1)).toEqual(deal(1))
    expect(deal(1)).not.toEqual(deal(2))
  })
})
