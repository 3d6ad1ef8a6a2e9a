import { describe, expect, it } from 'vitest'
import { createRandom } from '../../index.js'
import { codeOf } from '../__fixtures__/expect-close.js'
import { deleteAGroup } from './delete-a-group.js'

describe('deleteAGroup', () => {
  const clusters = Array.from({ length: 330 }, (_, index) => `prompt ${index % 110}`)

  it('leaves every item out once, and never splits a cluster', () => {
    const samples = deleteAGroup({ clusters, random: createRandom(3), groups: 20 })
    expect(samples).toHaveLength(20)
    const left = new Map<string, number>()
    for (const [group, sample] of samples.entries()) {
      const kept = new Set(sample)
      expect(sample).toEqual([...kept].sort((a, b) => a - b))
      for (const [index, cluster] of clusters.entries()) {
        if (!kept.has(index)) {
          expect(left.get(cluster) ?? group).toBe(group)
          left.set(cluster, group)
        }
      }
    }
    expect(left.size).toBe(110)
    const sizes = samples.map((sample) => 330 - sample.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(3)
  })

  it('leaves out one cluster at a time where there are few, in their order', () => {
    const samples = deleteAGroup({ clusters: ['a', 'b', 'a', 'c'], random: createRandom(3) })
    expect(samples).toEqual([
      [1, 3],
      [0, 2, 3],
      [0, 1, 2],
    ])
    expect(deleteAGroup({ clusters, random: createRandom(3) })).toHaveLength(50)
  })

  it('refuses nothing, and fewer than two groups', () => {
    const random = createRandom(3)
    expect(codeOf(() => deleteAGroup({ clusters: [], random }))).toBe('EMPTY_INPUT')
    expect(codeOf(() => deleteAGroup({ clusters, random, groups: 1 }))).toBe('INVALID_ARGUMENT')
  })
})
