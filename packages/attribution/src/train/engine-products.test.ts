import { createRandom, type Engine } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNear, modelOf } from '../gradients/__fixtures__/gradient-sets.js'
import { dTrakScores } from '../gradients/d-trak-scores.js'
import { dasScores } from '../gradients/das-scores.js'
import oracle from '../gradients/gradient-scores.oracle.json' with { type: 'json' }
import { javascriptProducts } from '../gradients/products/javascript-products.js'
import { type EngineProducts, engineProducts } from './engine-products.js'

describe('engineProducts', () => {
  let engine: Engine
  let products: EngineProducts
  beforeAll(async () => {
    engine = createEngine({ threads: 1 })
    products = await engineProducts(engine)
  })
  afterAll(async () => {
    await products.close()
    await engine.close()
  })

  it('multiplies as plain JavaScript does, also nothing at all', async () => {
    const random = createRandom(5)
    for (const [rows, others, columns] of [
      [7, 300, 33],
      [1, 1, 1],
      [3, 0, 2],
      [0, 4, 2],
    ] as const) {
      const fill = (count: number) => ({
        data: Float64Array.from({ length: count * columns }, () => random.normal()),
        rows: count,
        columns,
      })
      const [a, b] = [fill(rows), fill(others)]
      const expected = await javascriptProducts.rowProducts(a, b)
      expectNear(await products.rowProducts(a, b), expected, 1e-13)
    }
  })

  it('gives the scores of the specification', async () => {
    const { train, query, kernel } = oracle.golden
    for (const form of ['primal', 'dual'] as const) {
      const models = [modelOf(train, query)]
      const { scores } = await dTrakScores({ models, lambda: 0.1, form, products })
      expectNear(scores.data, kernel.flat(), 1e-12)
    }
    const { x, at, residuals, changes } = oracle.leastSquares
    const models = [modelOf(x, at, { residuals })]
    const exact = { models, lambda: 0, squared: false, leverage: true, products }
    expectNear((await dasScores(exact)).scores.data, changes.flat(), 4e-14)
  })

  it('stops when told to', async () => {
    const a = { data: new Float64Array(4), rows: 2, columns: 2 }
    await expect(products.rowProducts(a, a, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    })
  })
})
