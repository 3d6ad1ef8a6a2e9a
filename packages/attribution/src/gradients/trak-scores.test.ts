import { createMatrix, createRandom } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { expectNear, modelOf, record, setOf } from './__fixtures__/gradient-sets.js'
import { dTrakScores } from './d-trak-scores.js'
import oracle from './gradient-scores.oracle.json' with { type: 'json' }
import type { GradientModel, GradientSet } from './gradient-set.js'
import { joinViews } from './join-views.js'
import { kernelFactor } from './kernel/kernel-factor.js'
import { javascriptProducts } from './products/javascript-products.js'
import { trakScores } from './trak-scores.js'

const { golden } = oracle
const goldenModel = modelOf(golden.train, golden.query, { outputToLoss: golden.q })
const code = (expected: string) => expect.objectContaining({ code: expected })

const normals = (seed: number, rows: number, columns: number): number[][] => {
  const random = createRandom(seed)
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()))
}

describe('dTrakScores', () => {
  it('gives the kernel of the specification in both forms', async () => {
    const expected = [
      [0.3646725384, 0.2079485262, 0.2688480967, -0.2959258389, 0.1160427068],
      [0.1385216985, -0.4020308334, 0.6666011416, 0.2747477978, 0.0686047655],
    ]
    for (const form of ['primal', 'dual'] as const) {
      const { scores } = await dTrakScores({ models: [goldenModel], lambda: 0.1, form })
      expect(scores).toMatchObject({ rows: 2, columns: 5, queryIds: null, trainIds: null })
      expectNear(scores.data, expected.flat(), 1e-10)
      expectNear(scores.data, golden.kernel.flat(), 1e-14)
    }
  })
})

describe('trakScores', () => {
  it('gives the weighted scores of the specification', async () => {
    const expected = [0.0364672538, 0.1039742631, 0.0537696193, -0.266333255, 0.034812812]
    const { scores } = await trakScores({ models: [goldenModel], lambda: 0.1 })
    expectNear(scores.data.subarray(0, 5), expected, 1e-9)
  })

  it.each(Object.entries(oracle.cases))('averages models as numpy does (%s)', async (_, c) => {
    const models = c.models.map(({ train, query, q }, at) =>
      modelOf(train, query, { id: `model ${at}`, outputToLoss: q }),
    )
    for (const form of ['primal', 'dual'] as const) {
      const options = { models, lambda: c.lambda, form }
      expectNear((await trakScores(options)).scores.data, c.trak.flat(), 1e-13)
      expectNear((await dTrakScores(options)).scores.data, c.dTrak.flat(), 1e-13)
    }
  })

  it('solves the smaller side and says so', async () => {
    for (const [c, form] of [
      [oracle.cases.tall, 'primal'],
      [oracle.cases.wide, 'dual'],
    ] as const) {
      const [model] = c.models.map(({ train, query }) => modelOf(train, query))
      const result = await dTrakScores({ models: model ? [model] : [], lambda: c.lambda })
      expect(result.models).toEqual([{ id: 'one', form, lambda: c.lambda }])
    }
  })

  it('gives equal scores in both forms whatever the shape, also past one block', async () => {
    const shape = fc.record({
      n: fc.integer({ min: 1, max: 40 }),
      k: fc.integer({ min: 1, max: 40 }),
      lambda: fc.double({ min: 0.01, max: 100, noNaN: true }),
      seed: fc.integer(),
    })
    const agree = async ({
      n,
      k,
      lambda,
      seed,
    }: {
      n: number
      k: number
      lambda: number
      seed: number
    }) => {
      const models = [modelOf(normals(seed, n, k), normals(seed + 1, 2, k))]
      const [primal, dual] = await Promise.all(
        (['primal', 'dual'] as const).map((form) => dTrakScores({ models, lambda, form })),
      )
      expectNear(primal!.scores.data, dual!.scores.data, 1e-10)
    }
    await fc.assert(fc.asyncProperty(shape, agree), { seed: 3, numRuns: 60 })
    await agree({ n: 700, k: 310, lambda: 5, seed: 1 })
  }, 30_000)

  it('reads gradients of files in parts, with the same scores', async () => {
    const data = Float32Array.from(normals(4, 50, 6).flat())
    const matrix = createMatrix({
      data,
      columns: 6,
      ids: Array.from(data.slice(0, 50), (_, at) => `t${at}`),
    })
    const query = setOf(normals(5, 2, 6))
    const ofRows = async (rows: GradientSet['rows'], form: 'primal' | 'dual') => {
      const models = [{ id: 'a', train: { rows, projection: null }, query }]
      return (await dTrakScores({ models, lambda: 1, form })).scores
    }
    const source = featuresFromMatrix(matrix)
    const small = { ...source, blocks: () => source.blocks({ rows: 7 }) }
    for (const form of ['primal', 'dual'] as const) {
      const whole = await ofRows(matrix, form)
      const parts = await ofRows(small, form)
      expectNear(parts.data, whole.data, 1e-14)
      expect(parts.trainIds).toEqual(matrix.ids)
    }
  })

  it('takes a thousandth of the mean eigenvalue where no lambda is given, in either form', async () => {
    const models = [
      modelOf(
        [
          [3, 0],
          [0, 4],
        ],
        [[1, 1]],
      ),
    ]
    const result = await dTrakScores({ models })
    expect(result.models[0]?.lambda).toBeCloseTo((1e-3 * 25) / 2, 15)
    const dual = await dTrakScores({ models, form: 'dual' })
    expect(dual.models[0]?.lambda).toBe(result.models[0]?.lambda)
  })

  it('refuses a singular kernel rather than print rounding', async () => {
    const dependent = [
      [1, 2],
      [2, 4],
      [3, 6],
    ]
    const models = [modelOf(dependent, [[1, 1]])]
    await expect(dTrakScores({ models, lambda: 0 })).rejects.toThrow(code('NOT_POSITIVE_DEFINITE'))
    await expect(dTrakScores({ models, lambda: 0, form: 'dual' })).rejects.toThrow(
      code('NOT_POSITIVE_DEFINITE'),
    )
    // A pivot that is positive, and nothing but rounding.
    const gram = { data: Float64Array.of(1, 1, 1, 1 + 4 * Number.EPSILON), size: 2 }
    const rounding = kernelFactor(gram, { lambda: 0, products: javascriptProducts })
    await expect(rounding).rejects.toThrow(code('NOT_POSITIVE_DEFINITE'))
    // Two columns that differ in the last digits only.
    const near = normals(6, 30, 1).map(([x]) => [x!, x! * (1 + Number.EPSILON)])
    const nearly = [modelOf(near, [[1, 1]])]
    await expect(dTrakScores({ models: nearly, lambda: 0 })).rejects.toThrow(/singular/)
  })

  it('warns of poor conditioning, spare columns, zero gradients and unknown projections', async () => {
    const nearly = normals(6, 30, 1).map(([x], at) => [x!, x! + 1e-6 * Math.sin(at)])
    const poor = await dTrakScores({ models: [modelOf(nearly, [[1, 1]])], lambda: 0 })
    expect(poor.warnings.map((warning) => warning.code)).toEqual([
      'projection-unknown',
      'ill-conditioned',
    ])
    const known = {
      rows: setOf([
        [0, 0, 0],
        [1, 0, 0],
      ]).rows,
      projection: record,
    }
    const few = await dTrakScores({ models: [{ id: 'm', train: known, query: known }], lambda: 1 })
    expect(few.warnings).toMatchObject([
      { code: 'rank-deficient', model: 'm', count: 1 },
      { code: 'zero-gradients', model: 'm', count: 1 },
    ])
    expectNear(few.scores.data, [0, 0, 0, 0.5], 1e-15)
  })
})

describe('joinViews', () => {
  it('takes the larger score of a picture and its mirror image, or their mean', () => {
    const views = [Float64Array.of(1, -2, 3), Float64Array.of(0, -1, 3)] as const
    expect([...joinViews(views)]).toEqual([1, -1, 3])
    expect([...joinViews(views, 'mean')]).toEqual([0.5, -1.5, 3])
    expect(() => joinViews([views[0], Float64Array.of(1)])).toThrow(code('SHAPE_MISMATCH'))
  })

  it('is asked for where gradients have a second view', async () => {
    const matrix = createMatrix({ data: [[1, 2]] })
    const both = featuresFromMatrix(matrix, { mirrored: matrix })
    const set = { rows: both, projection: null }
    const models = [{ id: 'm', train: set, query: set }]
    await expect(dTrakScores({ models })).rejects.toThrow(/second view/)
  })
})

describe('what gradient scores refuse', () => {
  const train = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  const query = [[1, 1, 1]]
  const scored = (...models: GradientModel[]) => dTrakScores({ models, lambda: 1 })

  it('gradients that were projected in different ways, within a model or between models', async () => {
    for (const [key, value] of [
      ['seed', 1],
      ['type', 'normal'],
      ['output', 'squared-norm'],
      ['timesteps', 100],
      ['normalized', true],
    ] as const) {
      const one = { rows: setOf(train).rows, projection: record }
      const other = { rows: setOf(query).rows, projection: { ...record, [key]: value } }
      await expect(scored({ id: 'a', train: one, query: other })).rejects.toThrow(
        code('FINGERPRINT_MISMATCH'),
      )
      const fits = { rows: setOf(query).rows, projection: record }
      const mixed = { rows: setOf(train).rows, projection: { ...record, [key]: value } }
      await expect(
        scored(
          { id: 'a', train: one, query: fits },
          { id: 'b', train: mixed, query: { ...fits, projection: null } },
        ),
      ).rejects.toThrow(code('FINGERPRINT_MISMATCH'))
      const unknown = { rows: setOf(query).rows, projection: { ...record, [key]: null } }
      await expect(scored({ id: 'a', train: one, query: unknown })).resolves.toBeDefined()
    }
  })

  it('models that differ in size, order, columns or have one id', async () => {
    const model = modelOf(train, query)
    await expect(scored()).rejects.toThrow(code('EMPTY_INPUT'))
    await expect(scored(modelOf([], query))).rejects.toThrow(code('EMPTY_INPUT'))
    await expect(scored(model, model)).rejects.toThrow(code('DUPLICATE_ID'))
    const shorter = modelOf(train.slice(1), query, { id: 'b' })
    await expect(scored(model, shorter)).rejects.toThrow(code('SHAPE_MISMATCH'))
    await expect(scored(modelOf(train, [[1, 2]]))).rejects.toThrow(code('SHAPE_MISMATCH'))
    const wide = { rows: setOf(train).rows, projection: { ...record, dimension: 4 } }
    await expect(scored({ id: 'a', train: wide, query: wide })).rejects.toThrow(
      code('SHAPE_MISMATCH'),
    )
    const ordered = modelOf(train, query, { train: setOf(train, ['x', 'y', 'z']) })
    const swapped = modelOf(train, query, { id: 'b', train: setOf(train, ['x', 'z', 'y']) })
    await expect(scored(ordered, swapped)).rejects.toThrow(/Row 1 .* y and z/)
  })

  it('numbers that are not finite, naming row and id', async () => {
    const broken = setOf(
      [
        [1, 0, 0],
        [0, Number.NaN, 0],
      ],
      ['a', 'b'],
    )
    const error = { code: 'NOT_FINITE', location: { row: 1, id: 'b' } }
    for (const form of ['primal', 'dual'] as const) {
      const models = [{ id: 'm', train: broken, query: setOf(query) }]
      await expect(dTrakScores({ models, lambda: 1, form })).rejects.toMatchObject(error)
    }
    await expect(scored(modelOf(train, [[1, Number.POSITIVE_INFINITY, 0]]))).rejects.toMatchObject({
      code: 'NOT_FINITE',
      location: { row: 0 },
    })
    const outputToLoss = [1, Number.NaN, 1]
    await expect(
      trakScores({ models: [modelOf(train, query, { outputToLoss })] }),
    ).rejects.toMatchObject({
      code: 'NOT_FINITE',
      location: { row: 1 },
    })
  })

  it('gradients whose squares no number can hold', async () => {
    await expect(scored(modelOf([[1e200, 0, 0]], query))).rejects.toThrow(code('NOT_FINITE'))
  })

  it('missing or too many weights, a negative lambda, and a call that was stopped', async () => {
    const models = [modelOf(train, query)]
    await expect(trakScores({ models })).rejects.toThrow(code('MISSING_INPUT'))
    const long = [modelOf(train, query, { outputToLoss: [1, 2] })]
    await expect(trakScores({ models: long })).rejects.toThrow(code('SHAPE_MISMATCH'))
    for (const lambda of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(dTrakScores({ models, lambda })).rejects.toThrow(code('INVALID_ARGUMENT'))
    }
    await expect(dTrakScores({ models, signal: AbortSignal.abort() })).rejects.toThrow(
      code('ABORTED'),
    )
  })
})
