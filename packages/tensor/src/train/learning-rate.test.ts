import { describe, expect, it } from 'vitest'
import { cosineRate, rateAt, warmUpRate } from './learning-rate.js'

// The course of both together is held to PyTorch in optimizers.test.ts.
describe('learning rates', () => {
  it('fall along half a cosine and then stay', () => {
    const rate = cosineRate({ from: 1, to: 0.2, steps: 4 })
    const course = [1, 2, 3, 4, 5, 6, 100].map(rate)
    const expected = [1, 0.6 + 0.4 * Math.SQRT1_2, 0.6, 0.6 - 0.4 * Math.SQRT1_2, 0.2, 0.2, 0.2]
    course.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] as number, 12)
    })
    expect(cosineRate({ from: 1, steps: 2 })(3)).toBe(0)
  })

  it('rise linearly to where another course begins', () => {
    const rate = warmUpRate({ steps: 4, rate: 0.8 })
    expect([1, 2, 3, 4, 5, 50].map(rate)).toEqual([0.2, 0.4, 0.8 * 0.75, 0.8, 0.8, 0.8])
  })

  it('are one number for all steps, or one a step', () => {
    expect(rateAt(0.1, 7)).toBe(0.1)
    expect(rateAt((step) => 1 / step, 4)).toBe(0.25)
  })
})
