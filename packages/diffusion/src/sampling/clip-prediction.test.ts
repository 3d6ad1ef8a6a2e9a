import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clipPrediction } from './clip-prediction.js'
import oracle from './clipping-and-noise.oracle.json' with { type: 'json' }

it.each(oracle.thresholded)(
  'thresholds rows as torch does: quantile $quantile, maximum $maximum',
  ({ quantile, maximum, clipped: wanted }) => {
    const clean = Float64Array.from(oracle.clean.flat())
    const clipped = new Float64Array(clean.length)
    clipPrediction({ type: 'dynamic', quantile, maximum }, { clean, clipped, rows: 3 })
    for (const [at, value] of wanted.flat().entries()) expect(clipped[at]).toBeCloseTo(value, 13)
  },
)

it('holds values to a range and leaves those within alone', () => {
  const values = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1 })
  const range = fc.double({ min: 0.01, max: 10, noNaN: true })
  fc.assert(
    fc.property(values, range, (clean, limit) => {
      const clipped = new Float64Array(clean.length)
      clipPrediction({ type: 'range', limit }, { clean, clipped, rows: 1 })
      clipped.forEach((value, at) => {
        const original = clean[at]!
        expect(value).toBe(Math.abs(original) <= limit ? original : Math.sign(original) * limit)
      })
    }),
    { seed: 1, numRuns: 300 },
  )
})
