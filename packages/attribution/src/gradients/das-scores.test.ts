import { describe, expect, it } from 'vitest'
import { expectNear, modelOf } from './__fixtures__/gradient-sets.js'
import { dTrakScores } from './d-trak-scores.js'
import { dasScores } from './das-scores.js'
import oracle from './gradient-scores.oracle.json' with { type: 'json' }

const forms = ['primal', 'dual'] as const

/** Pearson's correlation. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centred = (values: ArrayLike<number>) => {
    const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
    return Array.from(values, (value) => value - mean)
  }
  const product = (x: number[], y: number[]) =>
    x.reduce((sum, value, at) => sum + value * y[at]!, 0)
  const [x, y] = [centred(a), centred(b)]
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y))
}

describe('dasScores', () => {
  it.each(Object.entries(oracle.cases))('agrees with numpy in every form (%s)', async (_, c) => {
    for (const { train, query, residuals, das, dasLeverage } of c.models) {
      for (const form of forms) {
        const options = { models: [modelOf(train, query, { residuals })], lambda: c.lambda, form }
        expectNear((await dasScores(options)).scores.data, das.flat(), 1e-13)
        const exact = await dasScores({ ...options, leverage: true, squared: false })
        // Divided by 1 − h, which is as small as 0.05 here.
        expectNear(exact.scores.data, dasLeverage.flat(), 1e-11)
        const both = await dasScores({ ...options, leverage: true })
        expectNear(
          both.scores.data,
          dasLeverage.flat().map((value) => value ** 2),
          1e-10,
        )
      }
    }
  })

  it('is, with leverage, what leaving out an example changes in least squares', async () => {
    const { x, residuals, at, changes } = oracle.leastSquares
    const models = [modelOf(x, at, { residuals })]
    const options = { models, lambda: 0, squared: false }
    const exact = await dasScores({ ...options, leverage: true })
    expectNear(exact.scores.data, changes.flat(), 4e-14)
    const trak = await dasScores(options)
    for (let query = 0; query < at.length; query++) {
      const row = trak.scores.data.subarray(query * x.length, (query + 1) * x.length)
      expect(correlation(row, changes[query]!)).toBeGreaterThan(0.9995)
      expect(correlation(row, changes[query]!)).toBeLessThan(1 - 1e-6)
    }
  })

  it('weighs the kernel by residuals, or is D-TRAK where all of them are 1', async () => {
    const { train, query } = oracle.golden
    const models = [modelOf(train, query, { residuals: [1, 1, 1, 1, 1] })]
    const das = await dasScores({ models, lambda: 0.1, squared: false })
    expect(das.scores.data).toEqual((await dTrakScores({ models, lambda: 0.1 })).scores.data)
  })

  it('refuses missing residuals, and a picture without which nothing is determined', async () => {
    const train = [
      [1, 0],
      [1, 0],
      [0, 1],
    ]
    const bare = modelOf(train, [[1, 1]])
    await expect(dasScores({ models: [bare] })).rejects.toMatchObject({ code: 'MISSING_INPUT' })
    const models = [{ ...bare, residuals: [1, 1, 1] }]
    await expect(dasScores({ models, lambda: 0, leverage: true })).rejects.toMatchObject({
      code: 'NOT_POSITIVE_DEFINITE',
      location: { row: 2 },
    })
    const independent = [modelOf(train.slice(1), [[1, 1]], { residuals: [1, 1] })]
    const dual = { models: independent, lambda: 0, leverage: true, form: 'dual' } as const
    await expect(dasScores(dual)).rejects.toMatchObject({ location: { row: 0 } })
  })
})
