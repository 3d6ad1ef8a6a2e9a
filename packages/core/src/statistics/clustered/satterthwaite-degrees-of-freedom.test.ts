import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { satterthwaiteDegreesOfFreedom } from './satterthwaite-degrees-of-freedom.js'

const correlation = fc.double({ min: 0, max: 1, noNaN: true })

describe('satterthwaiteDegreesOfFreedom', () => {
  it('is clusters - 1 where all clusters have one size, whatever the correlation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        correlation,
        (clusters, size, rho) => {
          const sizes = Array.from({ length: clusters }, () => size)
          expect(satterthwaiteDegreesOfFreedom(sizes, rho)).toBeCloseTo(clusters - 1, 9)
        },
      ),
      { seed: 10, numRuns: 200 },
    )
  })

  it('lies between 1 and clusters - 1 for clusters of any sizes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 50 }),
        correlation,
        (sizes, rho) => {
          const degrees = satterthwaiteDegreesOfFreedom(sizes, rho)
          expect(degrees).toBeGreaterThanOrEqual(1 - 1e-9)
          expect(degrees).toBeLessThanOrEqual(sizes.length - 1 + 1e-9)
        },
      ),
      { seed: 11, numRuns: 300 },
    )
  })
})
