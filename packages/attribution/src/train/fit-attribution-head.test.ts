import { createMatrix, type Engine } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testBlock, trainBlock, worldMatrix } from '../__fixtures__/synthetic-world.js'
import type { TunedModel } from '../evaluation/tuned-model.js'
import { applyHead } from '../head/apply-head.js'
import { weightsOf } from '../head/map-weights.js'
import { worldModels } from './__fixtures__/world-models.js'
import { fitAttributionHead } from './fit-attribution-head.js'
import type { FitAttributionHeadOptions } from './fit-attribution-head-options.js'
import { splitHeldOut } from './split-held-out.js'

const block = trainBlock()
const exemplars = worldMatrix(block.exemplars)
const queries = { ...worldMatrix(block.queries), fingerprint: 'world' }
const models = worldModels(block)
const named = { ...exemplars, ids: Array.from({ length: 512 }, (_, row) => `picture ${row}`) }
const other = { ...exemplars, fingerprint: 'other' }
const owned = models.slice(0, 2)
const [first, second] = models as [TunedModel, TunedModel]

describe('fitAttributionHead', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  const fitted = (options: Partial<FitAttributionHeadOptions> = {}) =>
    fitAttributionHead({ engine, models, exemplars, queries, learningRate: 0.01, ...options })

  it('says how the head came about and what it expects', async () => {
    const seen: number[] = []
    const { head, step, steps, evaluations, stopped } = await fitted({
      steps: 4,
      batchSize: 128,
      seed: 'a',
      progress: ({ done, total }) => seen.push(done, total ?? 0),
    })
    expect([step, steps.length, evaluations.length, stopped]).toEqual([4, 4, 0, false])
    expect(seen).toEqual([1, 4, 2, 4, 3, 4, 4, 4])
    expect(head.expects).toEqual({ columns: 32, normalized: false, fingerprint: 'world' })
    expect(head.provenance).toMatchObject({
      options: { form: 'linear', temperature: 0.07, regulariser: 'orthogonal', batchSize: 128 },
      ...{ seed: 'a', steps: 4, models: 512, engine: engine.id, validation: null },
      data: { pool: null },
    })
    expect(head.provenance.data.real).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.parse(JSON.stringify(head.provenance))).toEqual(head.provenance)
  })

  it('learns the same again, bit for bit, and something else with another seed', async () => {
    const options = { steps: 5, batchSize: 100, precision: 'float64' } as const
    const weights = async (seed: number) => {
      const { head } = await fitted({ ...options, seed })
      return { fingerprint: head.fingerprint, weights: weightsOf(head.synthetic) }
    }
    const once = await weights(1)
    expect(await weights(1)).toEqual(once)
    expect((await weights(2)).fingerprint).not.toBe(once.fingerprint)
    expect(once.weights[0]?.values).toBeInstanceOf(Float64Array)
  })

  it('learns the same on any number of threads in float64', async () => {
    const two = createEngine({ threads: 2, workers: 1 })
    const options = { steps: 6, precision: 'float64' } as const
    const { head } = await fitted({ ...options, engine: two })
    await two.close()
    expect(head.fingerprint).toBe((await fitted(options)).head.fingerprint)
  })

  it('sees as many pairs in an epoch as there are drawn pictures', async () => {
    const own = models.slice(0, 10)
    const { steps } = await fitted({ models: own, batchSize: 4, epochs: 2 })
    // 80 pictures of 10 models are 8 passes of 3 batches.
    expect(steps).toHaveLength(48)
  })

  it('keeps the head that does best on what is held out, and stops when none is better', async () => {
    const promptOf = (query: number | string) => `prompt ${Number(query) % 8}`
    const { training, heldOut } = splitHeldOut({ models, promptOf, modelShare: 0.2, seed: 1 })
    const { head, step, steps, evaluations, stopped } = await fitted({
      models: training,
      steps: 400,
      validation: {
        sets: heldOut,
        pool: worldMatrix(testBlock().exemplars),
        every: 10,
        patience: 3,
      },
    })
    expect(stopped).toBe(true)
    expect(steps.length).toBe(step + 30)
    const values = evaluations.map(({ meanAveragePrecision }) => meanAveragePrecision)
    const best = evaluations.find((evaluation) => evaluation.step === step)
    expect(best?.meanAveragePrecision).toBe(Math.max(...values))
    expect(Object.keys(best?.sets ?? {})).toEqual(['prompts', 'exemplars'])
    expect(evaluations[0]?.step).toBe(0)
    expect(best!.meanAveragePrecision).toBeGreaterThan(3 * values[0]!)
    expect(head.provenance.steps).toBe(step)
    expect(head.provenance.validation).toMatchObject({
      before: values[0],
      after: best?.meanAveragePrecision,
    })
  })

  it('keeps the untrained head where training makes it worse', async () => {
    const { head, step, stopped } = await fitted({
      models: models.slice(0, 400),
      learningRate: 5,
      steps: 20,
      validation: { sets: { exemplars: models.slice(400) }, every: 1, patience: 4 },
    })
    expect([step, stopped]).toEqual([0, true])
    const [weight] = weightsOf(head.real)
    expect(weight?.values[0]).toBe(1)
  })

  it('learns from negatives of a pool, in one direction, by squares or towards the identity', async () => {
    const pool = worldMatrix(testBlock().exemplars)
    const options = { steps: 30, pool, poolRows: 64 } as const
    for (const direction of ['both', 'synthetic-to-real'] as const) {
      const { steps, head } = await fitted({ ...options, direction, regulariser: 'identity' })
      expect(steps.at(-1)!.contrastive).toBeLessThan(steps[0]!.contrastive / 2)
      expect(head.provenance.options).toMatchObject({ poolRows: 64, direction })
      expect(head.provenance.data.pool).toMatch(/^[0-9a-f]{64}$/)
    }
    const ignored = await fitted({ steps: 1, pool, negatives: 'in-batch' })
    expect(ignored.head.provenance.data.pool).toBeNull()
    const { steps } = await fitted({ steps: 3, regulariser: 'orthogonal-squared' })
    expect(steps[0]?.regularisation).toBe(0)
    expect(steps[2]?.regularisation).toBeGreaterThan(0)
  })

  it('trains an MLP, whose map does not depend on the batch it is applied to', async () => {
    const mlp = { hidden: 24, output: 16, layers: 3 }
    const { head, steps, evaluations } = await fitted({
      models: models.slice(0, 400),
      form: 'mlp',
      mlp,
      steps: 60,
      validation: { sets: { exemplars: models.slice(400) }, every: 60 },
    })
    expect(steps.at(-1)!.contrastive).toBeLessThan(steps[0]!.contrastive / 2)
    expect(steps[0]?.regularisation).toBeNull()
    expect(evaluations[1]!.meanAveragePrecision).toBeGreaterThan(
      2 * evaluations[0]!.meanAveragePrecision,
    )
    expect(head.real).toMatchObject({ form: 'mlp', columns: 32, outputColumns: 16 })
    expect(head.provenance.options).toMatchObject({ mlpHidden: 24, mlpOutput: 16, mlpLayers: 3 })
    const mapped = applyHead({ head, side: 'real', features: exemplars })
    const data = exemplars.data.slice(32, 64)
    const alone = applyHead({ head, side: 'real', features: createMatrix({ data, columns: 32 }) })
    expect(alone.data).toEqual(mapped.data.slice(16, 32))
  })

  it.each([
    [false, exemplars.data.subarray(0, 100 * 32)],
    [true, [...exemplars.data.subarray(0, 100 * 32), ...queries.data.subarray(0, 800 * 32)]],
  ])(
    'normalises an MLP by what it learned from, of both sides where shared is %s',
    async (shared, learned) => {
      const mlp = { hidden: 6, output: 4, layers: 1 }
      const own = models.slice(0, 100)
      const { head } = await fitted({ models: own, form: 'mlp', mlp, shared, steps: 1 })
      const [weight, mean] = weightsOf(head.real).map(({ values }) => values)
      // The mean of W x is W times the mean of x.
      const means = new Float64Array(32)
      learned.forEach((value, at) => {
        means[at % 32]! += (32 * value) / learned.length
      })
      mean?.forEach((value, output) => {
        const product = means.reduce((sum, x, at) => sum + x * (weight?.[output * 32 + at] ?? 0), 0)
        expect(value).toBeCloseTo(product, 5)
      })
      expect(mean).toHaveLength(4)
    },
  )

  it.each<[string, Partial<FitAttributionHeadOptions>, string]>([
    ['no models', { models: [] }, 'EMPTY_INPUT'],
    ['one model', { models: [first] }, 'EMPTY_INPUT'],
    ['a model without exemplars', { models: [{ ...first, exemplars: [] }, second] }, 'EMPTY_INPUT'],
    ['a model without pictures', { models: [{ ...first, queries: {} }, second] }, 'EMPTY_INPUT'],
    ['a model twice', { models: [first, first] }, 'DUPLICATE_ID'],
    [
      'an exemplar of two models',
      { models: [{ ...first, exemplars: [1] }, second] },
      'DUPLICATE_ID',
    ],
    [
      'rows that are not there',
      { models: [{ ...first, exemplars: [512] }, second] },
      'INVALID_ARGUMENT',
    ],
    ['another space', { exemplars: other }, 'FINGERPRINT_MISMATCH'],
    ['another width', { exemplars: createMatrix({ data: [[1, 2]] }) }, 'SHAPE_MISMATCH'],
    [
      'half of it normalised',
      { exemplars: { ...exemplars, normalized: true } },
      'NORMALIZATION_MISMATCH',
    ],
    ['steps and epochs', { steps: 1, epochs: 1 }, 'INVALID_ARGUMENT'],
    ['no steps', { steps: 0 }, 'INVALID_ARGUMENT'],
    ['no temperature', { temperature: 0 }, 'INVALID_ARGUMENT'],
    ['a weight below 0', { regulariserWeight: -1 }, 'INVALID_ARGUMENT'],
    [
      'patience that is none',
      { validation: { sets: { a: [first] }, patience: 0 } },
      'INVALID_ARGUMENT',
    ],
    ['a pool that is not there', { negatives: 'in-batch+pool' }, 'MISSING_INPUT'],
    [
      'an exemplar among the pool',
      { exemplars: named, pool: named, negatives: 'in-batch+pool' },
      'DUPLICATE_ID',
    ],
    [
      'an exemplar among the held-out pool',
      {
        exemplars: named,
        models: models.slice(1),
        validation: { sets: { exemplars: [first] }, pool: named },
      },
      'DUPLICATE_ID',
    ],
    [
      'a pool of another space',
      { exemplars: queries, pool: other, models: owned },
      'FINGERPRINT_MISMATCH',
    ],
    ['a rotation for an MLP', { form: 'mlp', regulariser: 'orthogonal' }, 'INVALID_ARGUMENT'],
    ['nothing held out', { validation: { sets: {} } }, 'EMPTY_INPUT'],
    [
      'what is held out among what is learned',
      { validation: { sets: { prompts: [second] } } },
      'DUPLICATE_ID',
    ],
  ])('refuses %s', async (_, options, code) => {
    await expect(fitted(options)).rejects.toMatchObject({ code })
  })

  it('names the row that is NaN or zero', async () => {
    const spoilt = (value: number) => ({
      ...named,
      data: exemplars.data.map((own, at) => (at >> 5 === 7 ? value : own)),
    })
    await expect(fitted({ exemplars: spoilt(Number.NaN) })).rejects.toMatchObject({
      code: 'NOT_FINITE',
      location: { row: 7, id: 'picture 7' },
    })
    await expect(fitted({ exemplars: spoilt(0) })).rejects.toMatchObject({
      code: 'ZERO_VECTOR',
      location: { id: 'picture 7' },
    })
  })

  it('refuses features whose squares float32 cannot hold', async () => {
    for (const factor of [1e-25, 1e25]) {
      const scaled = { ...exemplars, data: exemplars.data.map((value) => factor * value) }
      await expect(fitted({ exemplars: scaled, steps: 3 })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        location: { row: 0 },
      })
    }
  })

  it('tells where training diverges', async () => {
    const diverging = fitted({ steps: 30, learningRate: 1e19 })
    await expect(diverging).rejects.toMatchObject({ code: 'NOT_FINITE' })
  })

  it('aborts', async () => {
    const controller = new AbortController()
    const stopping = fitted({
      steps: 50,
      signal: controller.signal,
      progress: ({ done }) => done === 3 && controller.abort(),
    })
    await expect(stopping).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
