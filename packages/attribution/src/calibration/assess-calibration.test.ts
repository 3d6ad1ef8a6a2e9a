import { readFileSync } from 'node:fs'
import { createRandom } from '@assay/core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  testBlock,
  validationBlock,
  type WorldBlock,
  worldMatrix,
  worldPool,
} from '../__fixtures__/synthetic-world.js'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { createAttributionHead } from '../head/create-attribution-head.js'
import { type AssessCalibrationOptions, assessCalibration } from './assess-calibration.js'
import { type CollectedScores, collectCalibrationScores } from './collect-calibration-scores.js'
import { fitCalibration } from './fit-calibration.js'

const oracle = JSON.parse(
  readFileSync(new URL('./calibration.oracle.json', import.meta.url), 'utf8'),
) as {
  head: Record<'realWeight' | 'realBias' | 'syntheticWeight' | 'syntheticBias', number[]>
  fit: { inverseTemperature: number; bias: number; loss: number }
  test: {
    influenceOfTruth: number
    uncalibrated: number
    cutRate: number
    medianSupport: number
    bins: [number, number, number][]
    error_by_mass: number
  }
}

const linear = (weight: number[], bias: number[]) => ({
  form: 'linear' as const,
  columns: 32,
  outputColumns: 32,
  weight: Float64Array.from(weight),
  bias: Float64Array.from(bias),
})

async function scoresOf(block: WorldBlock): Promise<CollectedScores> {
  const { realWeight, realBias, syntheticWeight, syntheticBias } = oracle.head
  const head = await createAttributionHead({
    real: linear(realWeight, realBias),
    synthetic: linear(syntheticWeight, syntheticBias),
    expects: { normalized: false, fingerprint: null },
  })
  const { queriesPerModel: each } = block
  return collectCalibrationScores({
    models: Array.from({ length: block.models }, (_, model) => ({
      id: `model ${model}`,
      exemplars: [model],
      queries: { all: Array.from({ length: each }, (_, at) => model * each + at) },
    })),
    exemplars: featuresFromMatrix(worldMatrix(block.exemplars)),
    queries: featuresFromMatrix(worldMatrix(block.queries)),
    pool: featuresFromMatrix(worldMatrix(worldPool())),
    head,
  })
}

const random = () => createRandom(1)

describe('a calibration of the synthetic world', () => {
  let validation: CollectedScores
  let test: CollectedScores
  beforeAll(async () => {
    validation = await scoresOf(validationBlock())
    test = await scoresOf(testBlock())
  }, 60_000)

  it('is fitted as another implementation fits it', () => {
    const { inverseTemperature, bias, fittedOn, fingerprint } = fitCalibration(validation)
    // Scores are cosines of float32 rows: 1e-7 from those of the reference.
    expect(inverseTemperature).toBeCloseTo(oracle.fit.inverseTemperature, 3)
    expect(bias).toBeCloseTo(oracle.fit.bias, 6)
    expect(fittedOn?.loss).toBeCloseTo(oracle.fit.loss, 6)
    expect(fittedOn).toMatchObject({
      queries: 1024,
      candidates: 301,
      converged: true,
      atBounds: [],
    })
    expect(fingerprint).toMatch(/^attribution-head:.*synthetic$/)
  })

  it('is judged as another implementation judges it', () => {
    const report = assessCalibration({
      ...test,
      calibration: fitCalibration(validation),
      random: random(),
    })
    const { influenceOfTruth, cutRate, medianSupport, bins, error_by_mass } = oracle.test
    expect(report.influenceOfTruth.value).toBeCloseTo(influenceOfTruth, 5)
    expect(report.cutRate).toMatchObject({ value: cutRate, n: 1024 })
    expect(report.medianSupport).toBe(medianSupport)
    expect(report.calibrationError.value).toBeCloseTo(error_by_mass, 4)
    expect(report.calibrationError.value).toBeLessThan(0.03)
    expect(report.bins.map(({ items }) => items)).toEqual(bins.map(([items]) => items))
    report.bins.forEach(({ items, influence, truth }, bin) => {
      expect(influence! * items).toBeCloseTo(bins[bin]![1], 3)
      expect(truth! * items).toBeCloseTo(bins[bin]![2], 9)
    })
    expect(report.openQueries).toBe(0)
    // Queries of one model are not independent.
    expect(report.influenceOfTruth.interval?.method).toMatch('clustered')
    expect(report.cutRate.interval!.low).toBeLessThan(cutRate)
    expect(report.cutRate.interval!.high).toBeGreaterThan(cutRate)
  })

  it('is worth having', () => {
    const flat = { inverseTemperature: 1, bias: 0 }
    const report = assessCalibration({ ...test, calibration: flat, random: random() })
    expect(report.influenceOfTruth.value).toBeCloseTo(oracle.test.uncalibrated, 6)
    expect(report.openQueries).toBe(1024)
    expect(report.medianSupport).toBe(301)
  })

  it('cannot end where nothing has influence, wherever it starts', () => {
    const { bias } = fitCalibration({ ...validation, inverseTemperature: { start: 1 } })
    expect(bias).toBeGreaterThanOrEqual(-0.5)
  })
})

describe('assessCalibration', () => {
  const { uniform } = createRandom(4)
  /** Queries whose exemplar is drawn with the influences of t = 20, b = -0.02. */
  const calibration = { inverseTemperature: 20, bias: -0.02 }
  const queries = Array.from({ length: 400 }, () => {
    const scores = Array.from({ length: 10 }, () => 0.6 + 0.4 * uniform())
    const best = Math.max(...scores)
    const weights = scores.map((score) => Math.max(0, Math.exp(20 * (score - best)) - 0.02))
    let left = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
    const drawn = weights.findIndex((weight) => {
      left -= weight
      return left < 0
    })
    return { exemplars: [scores[drawn]!], others: scores.filter((_, at) => at !== drawn) }
  })
  const assess = (options: Partial<AssessCalibrationOptions> = {}) =>
    assessCalibration({ calibration, queries, random: random(), ...options })

  it('finds a true calibration within what chance gives, and a false one beyond', () => {
    const right = assess()
    expect(right.calibrationError.value).toBeLessThan(right.chanceError)
    expect(right.chanceError).toBeLessThan(0.1)
    const sharp = assess({ calibration: { inverseTemperature: 100, bias: -0.02 } })
    expect(sharp.calibrationError.value).toBeGreaterThan(2 * sharp.chanceError)
  })

  it('gives each of several exemplars its part', () => {
    const scores = { exemplars: [0.9, 0.9], others: [0.1, 0.2] }
    const { influenceOfTruth, bins, cutRate, calibrationError } = assess({ queries: [scores] })
    expect(influenceOfTruth).toMatchObject({ value: 1, n: 1, interval: null })
    expect(influenceOfTruth.reason).toBeDefined()
    expect(cutRate).toMatchObject({ value: 0, n: 2 })
    expect(bins.find(({ low }) => low === 0.5)).toMatchObject({
      items: 2,
      influence: 0.5,
      truth: 0.5,
    })
    expect(bins.at(-1)).toMatchObject({ items: 0, influence: null, truth: null })
    expect(calibrationError.value).toBe(0)
  })

  it('gives the same for the same seed', () => {
    expect(assess()).toEqual(assess())
  })

  it('refuses what it cannot judge', () => {
    const code = (code: string) => expect.objectContaining({ code })
    expect(() => assess({ queries: [] })).toThrow(code('EMPTY_INPUT'))
    expect(() => assess({ clusters: ['one'] })).toThrow(code('SHAPE_MISMATCH'))
    expect(() => assess({ draws: 3 })).toThrow(code('INVALID_ARGUMENT'))
    expect(() => assess({ calibration: { inverseTemperature: 20, bias: -1 } })).toThrow(
      code('INVALID_ARGUMENT'),
    )
  })
})
