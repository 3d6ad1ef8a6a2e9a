import { createMatrix } from '@assay/core'
import { mulberry32 } from '@assay/core/testing'
import { createEngine } from '@assay/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import { evaluateExemplars } from '../evaluation/evaluate-exemplars.js'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { engineRowProduct } from './engine-row-product.js'

const engine = createEngine({ threads: 1 })
afterAll(() => engine.close())

describe('engineRowProduct', () => {
  it('gives every rank that sums in float64 give, also among copies', async () => {
    const { normal } = mulberry32(5)
    const columns = 64
    const rows = (count: number) => Float32Array.from({ length: count * columns }, normal)
    const exemplars = rows(20)
    const pool = rows(5020)
    pool.set(exemplars)
    const source = (data: Float32Array) => featuresFromMatrix(createMatrix({ data, columns }))
    const options = {
      pool: source(pool),
      exemplars: source(exemplars),
      queries: source(rows(70)),
      models: Array.from({ length: 10 }, (_, model) => ({
        id: String(model),
        exemplars: [2 * model, 2 * model + 1],
        queries: { any: Array.from({ length: 7 }, (_, at) => 7 * model + at) },
      })),
    }
    const { product, close } = await engineRowProduct(engine)
    expect(await evaluateExemplars({ ...options, product })).toEqual(
      await evaluateExemplars(options),
    )
    await close()
  })
})
