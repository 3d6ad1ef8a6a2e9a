import fc from 'fast-check'
import { expect, it } from 'vitest'
import { topK } from './top-k.js'

it('equals a stable sort, ties by index', () => {
  const few = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 })
  const many = fc.array(fc.double({ noNaN: true }), { maxLength: 60 })
  fc.assert(
    fc.property(fc.oneof(few, many), fc.integer({ min: 1, max: 70 }), (values, k) => {
      const sorted = [...values.keys()].sort((a, b) =>
        values[a] === values[b] ? a - b : values[a]! < values[b]! ? 1 : -1,
      )
      expect(topK(values, k)).toEqual(sorted.slice(0, k))
    }),
    { seed: 1, numRuns: 2000 },
  )
})

it('takes typed arrays and gives all where k exceeds their length', () => {
  expect(topK(Float32Array.of(1, 3, 2), 2)).toEqual([1, 2])
  expect(topK(Float32Array.of(1, 3, 2), 100)).toEqual([1, 2, 0])
  expect(topK([], 3)).toEqual([])
})

it('ranks infinities', () => {
  expect(topK([0, -Infinity, Infinity, -Infinity], 4)).toEqual([2, 0, 1, 3])
})

it.each([0, -1, 1.5, Number.NaN])('refuses k = %d', (k) => {
  expect(() => topK([1, 2], k)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', value: k }),
  )
})

it('refuses a NaN wherever it stands', () => {
  for (const values of [
    [Number.NaN, 1, 2],
    [1, 2, Number.NaN],
  ]) {
    expect(() => topK(values, 1)).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }))
  }
})
