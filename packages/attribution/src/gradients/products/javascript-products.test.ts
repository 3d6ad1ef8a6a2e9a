import { createRandom } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { javascriptProducts } from './javascript-products.js'
import type { WideRows } from './matrix-products.js'

function randomRows(seed: number, rows: number, columns: number): WideRows {
  const random = createRandom(seed)
  const data = Float64Array.from({ length: rows * columns }, () => random.normal())
  return { data, rows, columns }
}

/** One sum after the other. */
function byDefinition(a: WideRows, b: WideRows): number[] {
  const sums: number[] = []
  for (let row = 0; row < a.rows; row++) {
    for (let other = 0; other < b.rows; other++) {
      let sum = 0
      for (let k = 0; k < a.columns; k++)
        sum += a.data[row * a.columns + k]! * b.data[other * b.columns + k]!
      sums.push(sum)
    }
  }
  return sums
}

function expectProducts(actual: Float64Array, a: WideRows, b: WideRows) {
  const expected = byDefinition(a, b)
  expect(actual).toHaveLength(expected.length)
  const worst = Math.max(0, ...expected.map((value, at) => Math.abs(value - actual[at]!)))
  expect(worst).toBeLessThan(1e-12 * Math.max(1, a.columns))
}

describe('javascriptProducts', () => {
  it('multiplies rows of any number, also with themselves', async () => {
    const sizes = fc.tuple(fc.nat(40), fc.nat(70), fc.nat(9))
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer(), async ([m, n, k], seed) => {
        const [a, b] = [randomRows(seed, m, k), randomRows(seed + 1, n, k)]
        expectProducts(await javascriptProducts.rowProducts(a, b), a, b)
        expectProducts(await javascriptProducts.rowProducts(a, a), a, a)
      }),
      { seed: 4, numRuns: 100 },
    )
  })

  it('sums over more columns than fit its strips', async () => {
    const [a, b] = [randomRows(1, 5, 1300), randomRows(2, 37, 1300)]
    expectProducts(await javascriptProducts.rowProducts(a, b), a, b)
  })

  it('lets others in between, and stops when told to', async () => {
    const a = randomRows(3, 700, 600)
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 0)
    const stopped = javascriptProducts.rowProducts(a, a, controller.signal)
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
