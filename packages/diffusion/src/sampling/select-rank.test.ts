import fc from 'fast-check'
import { expect, it } from 'vitest'
import { selectRank } from './select-rank.js'

it('gives what sorting gives, and splits the values there', () => {
  // Few different values, so that many are equal.
  const numbers = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }))
  const cases = fc
    .array(numbers, { minLength: 1, maxLength: 60 })
    .chain((values) => fc.tuple(fc.constant(values), fc.nat(values.length - 1)))
  fc.assert(
    fc.property(cases, ([list, rank]) => {
      const values = Float64Array.from(list)
      const value = selectRank(values, rank)
      // Subtraction of 0 makes -0, which sorting tells apart, 0.
      expect(value + 0).toBe(Float64Array.from(list).sort()[rank]! + 0)
      expect(values.subarray(0, rank).every((other) => other <= value)).toBe(true)
      expect(values.subarray(rank).every((other) => other >= value)).toBe(true)
      expect([...values].sort((a, b) => a - b)).toEqual([...list].sort((a, b) => a - b))
    }),
    { seed: 1, numRuns: 1000 },
  )
})
