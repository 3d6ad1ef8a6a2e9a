import { createMatrix, createRandom, type Matrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createReferenceBank } from '../references/reference-bank.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import { type CalibrateRadiusOptions, calibrateRadius } from './calibrate-radius.js'

function normals(rows: number, name: string, { columns = 8, shift = 0 } = {}): Matrix {
  const { normal } = createRandom(name)
  const data = Float32Array.from({ length: rows * columns }, () => normal() + shift)
  return createMatrix({ data, columns })
}

const outputs = normals(200, 'outputs')
const references = referencesInMemory(normals(50, 'references'))

const distancesTo = (matrix: Matrix, others: Matrix) =>
  Array.from({ length: matrix.rows }, (_, row) =>
    Math.min(
      ...Array.from({ length: others.rows }, (_, other) =>
        Math.hypot(
          ...Array.from(
            { length: matrix.columns },
            (_, at) =>
              matrix.data[row * matrix.columns + at]! - others.data[other * matrix.columns + at]!,
          ),
        ),
      ),
    ),
  ).sort((one, other) => one - other)

describe('a radius around protected pictures', () => {
  it('is a quantile of the distances to the nearest of them', async () => {
    const expected = distancesTo(outputs, normals(50, 'references'))
    const calibration = await calibrateRadius({ outputs, references, quantile: 0.1 })
    expect(calibration.radius).toBeCloseTo(expected[19]!, 10)
    expect(calibration).toMatchObject({
      ...{ mode: 'protection', quantile: 0.1, outputs: 200, distances: 200 },
      ...{ inside: 19 / 200, warnings: [] },
    })
    const { interval, radius, insideInterval, relativeRadius, medianPairDistance } = calibration
    // Ranks 12 and 29 of 200 at 95 %.
    expect(interval).toMatchObject({ level: 0.95, method: 'order statistics' })
    expect(interval!.low).toBeLessThan(radius)
    expect(interval!.high).toBeGreaterThan(radius)
    expect(insideInterval).toMatchObject({ method: 'wilson' })
    expect(relativeRadius).toBe(radius / medianPairDistance)
    // Pairs of 8 normal coordinates are √2 χ_8 apart: the median is 3.83.
    expect(Math.abs(medianPairDistance - 3.83)).toBeLessThan(0.15)
  })

  it('can be judged as it is given', async () => {
    const calibration = await calibrateRadius({ outputs, references, radius: 1.5 })
    const near = distancesTo(outputs, normals(50, 'references')).filter((each) => each < 1.5)
    expect(calibration).toMatchObject({ radius: 1.5, quantile: null, interval: null })
    expect(calibration.inside).toBe(near.length / 200)
    expect(calibration.reason).toContain('was given')
  })

  it('that covers what is drawn is refused, unless it is forced', async () => {
    const covering = { outputs, references, radius: 100 }
    await expect(calibrateRadius(covering)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'The shields cover 100.0 % of what is drawn, more than 50 %.',
    })
    const forced = await calibrateRadius({ ...covering, force: true })
    expect(forced).toMatchObject({ inside: 1, warnings: [expect.stringContaining('100.0 %')] })
    const strict = { outputs, references, quantile: 0.2, maximumInside: 0.1 }
    await expect(calibrateRadius(strict)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('is given up where the caller has changed its mind, also while pairs are compared', async () => {
    const many = normals(800, 'many', { columns: 3072 })
    for (const signal of [AbortSignal.abort(), AbortSignal.timeout(30)]) {
      const calibration = calibrateRadius({ outputs: many, quantile: 0.25, signal })
      await expect(calibration).rejects.toMatchObject({ code: 'ABORTED' })
    }
  })

  it('of a generator that copies is refused', async () => {
    const copied = { outputs, references: referencesInMemory(outputs), quantile: 0.1 }
    await expect(calibrateRadius(copied)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: "The distances' quantile 0.1 is 0: the generator copies.",
    })
  })

  it('warns of references that seem to be of another scale or shift', async () => {
    const shifted = referencesInMemory(normals(50, 'shifted', { shift: 3 }))
    const { warnings } = await calibrateRadius({ outputs, references: shifted, quantile: 0.05 })
    expect(warnings).toEqual([expect.stringContaining('another scale or shift')])
  })

  it('has no interval where draws are too few for it', async () => {
    const few = normals(10, 'few')
    const { interval, reason } = await calibrateRadius({ outputs: few, references, quantile: 0.1 })
    expect(interval).toBeNull()
    expect(reason).toContain('10 independent distances are too few')
  })
})

describe('a radius from several pictures of each prompt', () => {
  /** Distances of 16 prompts with eight pictures each, half of whose spread is between prompts. */
  function drawn(run: number) {
    const { normal } = createRandom(`prompts ${run}`)
    const clusters = Array.from({ length: 128 }, (_, row) => `prompt ${row >> 3}`)
    const shift = Array.from({ length: 16 }, normal)
    const data = clusters.map((_, row) => [Math.exp(Math.SQRT1_2 * (shift[row >> 3]! + normal()))])
    return { outputs: createMatrix({ data }), clusters }
  }
  const origin = referencesInMemory(createMatrix({ data: [[0]] }))

  it('has intervals that hold median and share as often as they say', async () => {
    const covered = { interval: 0, insideInterval: 0, apart: 0 }
    for (let run = 0; run < 200; run += 1) {
      const { clusters, ...sample } = drawn(run)
      const settings = { ...sample, references: origin, maximumInside: 1 }
      const { interval } = await calibrateRadius({ ...settings, clusters, quantile: 0.5 })
      if (interval === null || (interval.low <= 1 && interval.high >= 1)) covered.interval += 1
      const { insideInterval } = await calibrateRadius({ ...settings, clusters, radius: 1 })
      if (insideInterval!.low <= 0.5 && insideInterval!.high >= 0.5) covered.insideInterval += 1
      const { interval: apart } = await calibrateRadius({ ...settings, quantile: 0.5 })
      if (apart!.low <= 1 && apart!.high >= 1) covered.apart += 1
    }
    expect(covered.interval).toBeGreaterThanOrEqual(183)
    expect(covered.insideInterval).toBeGreaterThanOrEqual(180)
    // As if pictures of a prompt were independent.
    expect(covered.apart).toBeLessThan(165)
  })

  it('has none for a single prompt', async () => {
    const { outputs: sample } = drawn(1)
    const clusters = new Array<string>(sample.rows).fill('the prompt')
    const settings = { outputs: sample, references: origin, clusters }
    const one = await calibrateRadius({ ...settings, quantile: 0.1 })
    expect(one).toMatchObject({ interval: null, insideInterval: null })
    expect(one.reason).toContain('too few')
  })

  it('refuses clusters of other outputs', async () => {
    const calibration = calibrateRadius({
      ...{ outputs, references, quantile: 0.1 },
      clusters: ['one'],
    })
    await expect(calibration).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' })
  })
})

describe('a radius between pictures', () => {
  it('is a quantile of the distances of pairs', async () => {
    const calibration = await calibrateRadius({ outputs, quantile: 0.25 })
    expect(calibration).toMatchObject({
      ...{ mode: 'diversity', distances: 19_900, insideInterval: null, warnings: [] },
    })
    expect(calibration.inside).toBeCloseTo(0.25, 3)
    expect(calibration.relativeRadius).toBeLessThan(1)
    expect(calibration.interval!.low).toBeLessThan(calibration.radius)
    expect(calibration.interval!.high).toBeGreaterThan(calibration.radius)
  })

  it('has an interval that holds the true quantile as often as it says', async () => {
    // The median of √2 χ_8.
    const truth = Math.SQRT2 * Math.sqrt(7.344_121_497_701_804)
    let covered = 0
    for (let run = 0; run < 200; run += 1) {
      const drawn = normals(60, `run ${run}`)
      const { interval } = await calibrateRadius({ outputs: drawn, quantile: 0.5 })
      if (interval!.low <= truth && interval!.high >= truth) covered += 1
    }
    expect(covered).toBeGreaterThanOrEqual(183)
  })

  it('of equal pictures is refused', async () => {
    const alike = createMatrix({ data: new Float32Array(30), columns: 3 })
    await expect(calibrateRadius({ outputs: alike, quantile: 0.5 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    const judged = await calibrateRadius({ outputs: alike, radius: 1 })
    expect(judged).toMatchObject({ relativeRadius: null, medianPairDistance: 0, inside: 1 })
  })
})

describe('refusals', () => {
  const broken = createMatrix({ data: [[1], [Number.NaN]] })
  const named = (fingerprint: string) => createMatrix({ data: [[1], [2]], fingerprint })
  it.each<[string, CalibrateRadiusOptions]>([
    ['INVALID_ARGUMENT', { outputs }],
    ['INVALID_ARGUMENT', { outputs, quantile: 0.1, radius: 1 }],
    ['INVALID_ARGUMENT', { outputs, quantile: 1 }],
    ['INVALID_ARGUMENT', { outputs, radius: Number.POSITIVE_INFINITY }],
    ['INVALID_ARGUMENT', { outputs, quantile: 0.1, maximumInside: 2 }],
    ['EMPTY_INPUT', { outputs: normals(1, 'one'), quantile: 0.1 }],
    ['EMPTY_INPUT', { outputs, references: createReferenceBank({ dimensions: 8 }), radius: 1 }],
    ['NOT_FINITE', { outputs: broken, quantile: 0.1 }],
    ['SHAPE_MISMATCH', { outputs: named('a'), references, quantile: 0.1 }],
    [
      'FINGERPRINT_MISMATCH',
      { outputs: named('a'), references: referencesInMemory(named('b')), quantile: 0.1 },
    ],
  ])('%s', async (code, options) => {
    await expect(calibrateRadius(options)).rejects.toMatchObject({ code })
  })
})
