import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { clusterGroups, promptClusters } from './prompt-clusters.js'

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

describe('clusterGroups', () => {
  const clusters = Array.from({ length: 100 }, (_, index) => `prompt ${index % 30}`)

  it('keeps clusters whole and deals them evenly', () => {
    const groups = clusterGroups(clusters, { most: 10, random: createRandom(1) })
    const groupOf = new Map(clusters.map((cluster, row) => [cluster, groups[row]]))
    expect(clusters.map((cluster) => groupOf.get(cluster))).toEqual(groups)
    expect(new Set(groups).size).toBe(10)
    const sizes = [...Array(10).keys()].map(
      (group) => [...groupOf.values()].filter((each) => each === group).length,
    )
    expect(sizes).toEqual(Array(10).fill(3))
  })

  it('makes one group a cluster where there are few', () => {
    const groups = clusterGroups(clusters, { most: 50, random: createRandom(1) })
    expect(new Set(groups).size).toBe(30)
  })

  it('depends on the seed only', () => {
    const deal = (seed: number) => clusterGroups(clusters, { most: 10, random: createRandom(seed) })
    expect(deal(1)).toEqual(deal(1))
    expect(deal(1)).not.toEqual(deal(2))
  })
})
