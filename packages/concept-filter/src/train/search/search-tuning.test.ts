import { createMatrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { clouds } from '../__fixtures__/clouds.js'
import { preparePictures } from '../prepared-pictures.js'
import { groupedFolds } from './grouped-folds.js'
import { searchTuning } from './search-tuning.js'
import { tuningGrid } from './tuning-grid.js'

const world = clouds({ dimensions: 24, shift: 0.5, noise: 0.15, degreesOff: 60, seed: 'searched' })
const promptsOf = (count: number, pictures: number) =>
  Array.from({ length: count }, (_, row) => `prompt ${Math.floor(row / pictures)}`)
const sides = (count: number, pictures = 1, from = world) => ({
  unacceptable: { embeddings: from.unacceptable(count), prompts: promptsOf(count, pictures) },
  acceptable: { embeddings: from.acceptable(count), prompts: promptsOf(count, pictures) },
})

describe('a search for settings', () => {
  const search = searchTuning({ pair: world.pair, ...sides(80, 2), folds: 4, innerFolds: 3 })

  it('finds settings that help where the words are far off, and estimates how much', () => {
    expect(search.chosen).not.toBeNull()
    expect(world.error(search.pair)).toBeLessThan(world.error(world.pair) / 2)
    const balanced = ({ estimate }: Pick<typeof search, 'estimate'>) =>
      (estimate.falseNegativeRate.value! + estimate.falsePositiveRate.value!) / 2
    expect(Math.abs(balanced(search) - world.error(search.pair))).toBeLessThan(0.06)
    expect(Math.abs(balanced({ estimate: search.untuned }) - world.error(world.pair))).toBeLessThan(
      0.08,
    )
  })

  it('estimates on every picture once, with intervals by prompt', () => {
    const { falseNegativeRate, falsePositiveRate } = search.estimate
    expect([falseNegativeRate.n, falsePositiveRate.n]).toEqual([80, 80])
    expect(falseNegativeRate.interval?.method).toBe('clustered wilson')
    expect(search.foldChoices).toHaveLength(4)
  })

  it('lists every candidate, leaving the pair as it is first', () => {
    expect(search.candidates.map(({ settings }) => settings)).toEqual([null, ...tuningGrid()])
  })

  it('tunes the pair by the chosen settings on all pictures', () => {
    expect(search.tuned?.pair).toBe(search.pair)
    expect(search.tuned?.training.falseNegativeRate.n).toBe(80)
  })

  it('tells of every training', () => {
    const told: number[] = []
    let total = 0
    searchTuning({
      pair: world.pair,
      ...sides(12),
      candidates: [{ steps: 2 }],
      folds: 2,
      innerFolds: 2,
      onProgress: (event) => {
        told.push(event.done)
        total = event.total ?? 0
      },
    })
    expect(told).toEqual(Array.from({ length: total }, (_, at) => at + 1))
  })

  it('leaves a pair alone that no candidate betters', () => {
    const right = clouds({ dimensions: 24, shift: 1, noise: 0.05, degreesOff: 0, seed: 'right' })
    const kept = searchTuning({
      pair: right.pair,
      ...sides(20, 1, right),
      candidates: [{ objective: { kind: 'paper-noncon' }, angleCap: 1e-9 }],
      folds: 2,
      innerFolds: 2,
    })
    expect(kept).toMatchObject({ chosen: null, tuned: null })
    expect(kept.pair).toBe(right.pair)
  })

  it('is honest about pictures that tell nothing: its estimate is near a half', () => {
    const noise = clouds({ dimensions: 24, shift: 0, noise: 1, seed: 'nothing to learn' })
    const { estimate, tuned } = searchTuning({
      pair: noise.pair,
      ...sides(40, 1, noise),
      candidates: tuningGrid({ anchors: [0.01], angleCaps: [90] }),
      folds: 4,
      innerFolds: 2,
    })
    const { falseNegativeRate, falsePositiveRate } = estimate
    expect((falseNegativeRate.value! + falsePositiveRate.value!) / 2).toBeGreaterThan(0.35)
    if (tuned !== null) expect(tuned.training.falseNegativeRate.value).toBeLessThan(0.3)
  })
})

describe('folds', () => {
  const prepare = (one: number, other: number, pictures: number) => {
    const plain = (count: number) => ({
      embeddings: createMatrix({ columns: 24, data: new Float32Array(count * 24).fill(1) }),
      prompts: promptsOf(count, pictures),
    })
    return preparePictures(world.pair, { unacceptable: plain(one), acceptable: plain(other) })
  }

  it('hold every picture once, and all of one prompt together, on both sides', () => {
    const pictures = prepare(60, 45, 3)
    const folds = groupedFolds(pictures, { folds: 4, seed: 1 })
    for (const side of ['unacceptable', 'acceptable'] as const) {
      const rows = folds.flatMap((fold) => fold[side])
      expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from(rows, (_, row) => row))
    }
    const home = new Map<unknown, number>()
    folds.forEach((fold, index) => {
      for (const side of ['unacceptable', 'acceptable'] as const) {
        for (const row of fold[side]) {
          const prompt = pictures[side].prompts?.[row]
          expect(home.get(prompt) ?? index).toBe(index)
          home.set(prompt, index)
        }
      }
    })
  })

  it('are of about one size on either side', () => {
    const folds = groupedFolds(prepare(60, 45, 3), { folds: 5, seed: 2 })
    const sizes = (side: 'unacceptable' | 'acceptable') => folds.map((fold) => fold[side].length)
    expect(
      Math.max(...sizes('unacceptable')) - Math.min(...sizes('unacceptable')),
    ).toBeLessThanOrEqual(3)
    expect(Math.max(...sizes('acceptable')) - Math.min(...sizes('acceptable'))).toBeLessThanOrEqual(
      3,
    )
  })

  it.each([1, 0, 2.5, 30])('are refused where pictures cannot fill %d', (folds) => {
    expect(() => groupedFolds(prepare(60, 45, 3), { folds, seed: 1 })).toThrow('shared out')
  })
})

describe('a grid', () => {
  it('has every combination, what holds vectors tightest first', () => {
    const objective = { kind: 'paper-noncon' } as const
    expect(
      tuningGrid({ objectives: [objective], anchors: [0, 1], angleCaps: [25, 10], steps: [5] }),
    ).toEqual([
      { objective, anchor: 1, angleCap: 10, steps: 5 },
      { objective, anchor: 1, angleCap: 25, steps: 5 },
      { objective, anchor: 0, angleCap: 10, steps: 5 },
      { objective, anchor: 0, angleCap: 25, steps: 5 },
    ])
  })
})
