import { createMatrix, createRandom, type Random } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { normalizedClipScore } from './normalized-clip-score.js'

/** Pictures with given cosines to their prompts. */
const withCosines = (cosines: readonly number[]) =>
  createMatrix({ data: cosines.map((cosine) => [cosine, Math.sqrt(1 - cosine ** 2)]) })
const promptsFor = (count: number) =>
  createMatrix({ data: Array.from({ length: count }, () => [1, 0]) })

/** A system that loses an eighth of its scores on average, unevenly. */
function scores(random: Random, count: number) {
  const original = Array.from({ length: count }, () => 0.28 + 0.04 * random.normal())
  const kept = original.map((cosine) => (random.uniform() < 0.25 ? 0.5 * cosine : cosine))
  return {
    originalPictures: withCosines(original),
    protectedPictures: withCosines(kept),
    prompts: promptsFor(count),
  }
}

describe('normalizedClipScore', () => {
  it('is the ratio of means, not cut at 1', () => {
    const measure = normalizedClipScore({
      originalPictures: withCosines([0.2, 0.3]),
      protectedPictures: withCosines([0.3, 0.3]),
      prompts: promptsFor(2),
    })
    expect(measure).toMatchObject({ id: 'normalised-clip-score', unit: 'ratio', n: 2 })
    expect(measure.value).toBeCloseTo(1.2, 6)
  })

  it('covers the true ratio in about 95 of 100 cases', () => {
    const random = createRandom('coverage')
    const covered = Array.from({ length: 1000 }, () => {
      const { interval } = normalizedClipScore(scores(random, 100))
      return interval!.low <= 0.875 && interval!.high >= 0.875
    }).filter(Boolean).length
    expect(covered).toBeGreaterThan(925)
    expect(covered).toBeLessThan(975)
  })

  it('is less sure where pictures share prompts', () => {
    const options = scores(createRandom('clusters'), 200)
    const width = (clusters?: readonly number[]) => {
      const { low, high } = normalizedClipScore({ ...options, ...(clusters && { clusters }) })
        .interval!
      return high - low
    }
    expect(width(Array.from({ length: 200 }, (_, at) => at % 5))).toBeGreaterThan(width())
  })

  it('has no interval where nothing differs, and no value without something to compare with', () => {
    const same = withCosines([0.3, 0.3])
    const measure = normalizedClipScore({
      originalPictures: same,
      protectedPictures: same,
      prompts: promptsFor(2),
    })
    expect(measure).toMatchObject({ value: 1, interval: null })
    expect(measure.reason).toBeDefined()
    const opposite = { originalPictures: withCosines([-0.3, -0.2]), protectedPictures: same }
    expect(() => normalizedClipScore({ ...opposite, prompts: promptsFor(2) })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
    expect(() =>
      normalizedClipScore({
        originalPictures: same,
        protectedPictures: same,
        prompts: promptsFor(3),
      }),
    ).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }))
  })
})
