import { expect, it } from 'vitest'
import { poolTokens } from './pool-tokens.js'

// Two items of three rows of two values.
const values = Float32Array.from([1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60])
const shape = { rows: 3, dimensions: 2 }

it('poolTokens takes the first row of each item', () => {
  const options = { ...shape, pooling: 'cls', counted: [3, 3] } as const
  expect([...poolTokens(values, options)]).toEqual([1, 2, 10, 20])
})

it('poolTokens takes the mean of the rows that count', () => {
  const options = { ...shape, pooling: 'mean', counted: [3, 2] } as const
  expect([...poolTokens(values, options)]).toEqual([3, 4, 20, 30])
})

it('poolTokens sums in float64, so that many small values are not lost beside a large one', () => {
  const rows = 2 ** 16
  const long = new Float32Array(rows).fill(2 ** -24)
  long[0] = 1
  const options = { pooling: 'mean', rows, dimensions: 1, counted: [rows] } as const
  const exact = (1 + (rows - 1) * 2 ** -24) / rows
  expect(poolTokens(long, options)[0]).toBe(Math.fround(exact))
})
