import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dot } from './dot.js'
import { innerProducts } from './inner-products.js'

const values = (length: number) =>
  fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: length, maxLength: length })

const sets = fc
  .record({ rows: fc.integer({ min: 0, max: 11 }), columns: fc.integer({ min: 1, max: 7 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      wide: fc.boolean(),
      data: values(rows * columns),
      point: values(columns),
    }),
  )

describe('innerProducts', () => {
  it('equals dot for each row, to the last bit, in either width', () => {
    fc.assert(
      fc.property(sets, ({ rows, columns, wide, data, point }) => {
        const to = { data: wide ? Float64Array.from(data) : Float32Array.from(data), rows, columns }
        const from = { data: Float64Array.from(point), rows: 1, columns }
        const target = new Float64Array(rows)
        innerProducts({ from, row: 0, to }, target)
        const expected = Array.from({ length: rows }, (_, row) =>
          dot(point, data.slice(row * columns, (row + 1) * columns)),
        )
        expect([...target]).toEqual(expected)
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('leaves the rows before the start alone', () => {
    const to = { data: Float32Array.of(1, 2, 3), rows: 3, columns: 1 }
    const target = Float64Array.of(9, 9, 9)
    innerProducts({ from: to, row: 1, to, start: 2 }, target)
    expect([...target]).toEqual([9, 9, 6])
  })
})
