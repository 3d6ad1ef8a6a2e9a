import { readFileSync } from 'node:fs'
import type { Engine, Matrix } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  styleTestBlock,
  testBlock,
  trainBlock,
  type WorldBlock,
  worldMatrix,
  worldPool,
} from '../__fixtures__/synthetic-world.js'
import { applyHead } from '../head/apply-head.js'
import type { AttributionHead, HeadSide } from '../head/attribution-head.js'
import { worldModels } from './__fixtures__/world-models.js'
import { worldMeasures, worldRanks } from './__fixtures__/world-retrieval.js'
import { fitAttributionHead } from './fit-attribution-head.js'
import type {
  FitAttributionHeadOptions,
  FittedAttributionHead,
} from './fit-attribution-head-options.js'

type Measures = ReturnType<typeof worldMeasures>

const text = readFileSync(new URL('./fit-attribution-head.oracle.json', import.meta.url), 'utf8')
const oracle = JSON.parse(text) as {
  terms: Record<string, [contrastive: number, regularisation: number]>
  ranksBefore: Record<'first' | 'third', number[]>
} & Record<'before' | 'beforeStyles' | 'after' | 'afterStyles' | 'withoutRegulariser', Measures> &
  Record<'overRegularised', Measures> &
  Record<'after120', Record<'two' | 'shared' | 'channel', Measures>>

type MapRows = (features: Matrix) => Matrix

/**
 * A head learns to find the exemplars of a world whose truth is known, as PyTorch does there from the
 * same rows in the same order. Afterwards all ways to use it wrongly must do badly.
 */
describe('training on the synthetic world', () => {
  let engine: Engine
  let fitted: FittedAttributionHead
  const training = trainBlock()
  const test = testBlock()
  const pool = worldMatrix(worldPool())

  beforeAll(async () => {
    engine = createEngine({ threads: 1 })
    fitted = await trained({ steps: 300, precision: 'float64' })
  }, 60_000)
  afterAll(() => engine.close())

  const trained = (options: Partial<FitAttributionHeadOptions>) =>
    fitAttributionHead({
      engine,
      models: worldModels(training),
      exemplars: worldMatrix(training.exemplars),
      queries: worldMatrix(training.queries),
      order: 'as-given',
      learningRate: 0.01,
      ...options,
    })

  /** Ranks of a block's exemplars where its pictures are mapped so. */
  function ranksOf(block: WorldBlock, map: { real: MapRows; synthetic: MapRows }): number[][] {
    return worldRanks({
      queries: map.synthetic(worldMatrix(block.queries)),
      exemplars: map.real(worldMatrix(block.exemplars)),
      pool: map.real(pool),
      models: block.models,
    })
  }

  const by =
    (head: AttributionHead, side: HeadSide): MapRows =>
    (features) =>
      applyHead({ head, side, features })
  const sidesOf = (head: AttributionHead) => ({
    real: by(head, 'real'),
    synthetic: by(head, 'synthetic'),
  })
  const measured = (head: AttributionHead, block = test) =>
    worldMeasures(ranksOf(block, sidesOf(head)))

  function expectWithin(measures: Measures, expected: Measures, tolerance: number): void {
    for (const [name, value] of Object.entries(expected)) {
      const actual = measures[name as keyof Measures]
      expect(Math.abs(actual - value), `${name}: ${actual}`).toBeLessThanOrEqual(tolerance)
    }
  }

  it('follows PyTorch in both terms of the loss', () => {
    expect(fitted.steps).toHaveLength(300)
    for (const [step, [contrastive, regularisation]] of Object.entries(oracle.terms)) {
      const own = fitted.steps[Number(step)]
      expect(own?.contrastive, `step ${step}`).toBeCloseTo(contrastive, 7)
      expect(own?.regularisation, `step ${step}`).toBeCloseTo(regularisation, 7)
    }
  })

  it('finds almost no exemplar before, at the ranks that PyTorch gives', () => {
    const none = { real: normalizeRows, synthetic: normalizeRows }
    const ranks = ranksOf(test, none)
    expect(ranks.slice(0, 8).flat()).toEqual(oracle.ranksBefore.first)
    expect(ranks.slice(16, 24).flat()).toEqual(oracle.ranksBefore.third)
    expectWithin(worldMeasures(ranks), oracle.before, 1e-4)
    expectWithin(worldMeasures(ranksOf(styleTestBlock(), none)), oracle.beforeStyles, 1e-4)
  })

  it('finds almost every one after, also of models with several exemplars', () => {
    const ranks = ranksOf(test, sidesOf(fitted.head))
    expectWithin(worldMeasures(ranks), oracle.after, 0.01)
    const known = [...ranks.slice(0, 8), ...ranks.slice(16, 24)].flat()
    expect(Math.max(...known)).toBeLessThanOrEqual(3)
    expectWithin(measured(fitted.head, styleTestBlock()), oracle.afterStyles, 0.015)
  })

  it('is of no use where it is used wrongly', () => {
    const { real, synthetic } = sidesOf(fitted.head)
    // The guards that would refuse this are told otherwise.
    const normalizedFirst = (map: MapRows) => (features: Matrix) =>
      map({ ...normalizeRows(features), normalized: false })
    const misuses = {
      swapped: { real: synthetic, synthetic: real },
      'the real map on both sides': { real, synthetic: real },
      'queries unmapped': { real, synthetic: normalizeRows },
      'normalised first': { real: normalizedFirst(real), synthetic: normalizedFirst(synthetic) },
    }
    for (const [name, maps] of Object.entries(misuses)) {
      expect(worldMeasures(ranksOf(test, maps)).recallAt10, name).toBeLessThan(0.35)
    }
  })

  it('learns the same in float32', async () => {
    const single = await trained({ steps: 100 })
    for (const step of [0, 1, 2, 10, 50]) {
      const [contrastive = Number.NaN] = oracle.terms[step] ?? []
      expect(single.steps[step]?.contrastive).toBeCloseTo(contrastive, 4)
    }
    const { recallAt10 } = measured(single.head)
    expect(recallAt10).toBeGreaterThan(0.985)
  })

  it('does without a regulariser, and is held back by a heavy one', async () => {
    const free = await trained({ steps: 300, regulariser: 'none' })
    expectWithin(measured(free.head), oracle.withoutRegulariser, 0.01)
    const held = measured((await trained({ steps: 300, regulariserWeight: 1 })).head)
    expect(Math.abs(held.recallAt10 - oracle.overRegularised.recallAt10)).toBeLessThan(0.05)
  })

  it('needs two maps, and whole matrices', async () => {
    const two = measured((await trained({ steps: 120 })).head).recallAt10
    const shared = measured((await trained({ steps: 120, shared: true })).head).recallAt10
    const channel = measured((await trained({ steps: 120, form: 'channel' })).head).recallAt10
    const { after120 } = oracle
    expect(two).toBeGreaterThan(shared)
    expect(shared).toBeGreaterThan(channel)
    expect(Math.abs(two - after120.two.recallAt10)).toBeLessThan(0.01)
    expect(Math.abs(shared - after120.shared.recallAt10)).toBeLessThan(0.01)
    expect(Math.abs(channel - after120.channel.recallAt10)).toBeLessThan(0.01)
  })
})
