import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { angleBetween, projectOnCap } from './spherical-cap.js'

const random = createRandom('spherical caps')
const unit = (dimensions: number) => {
  const values = Float64Array.from({ length: dimensions }, () => random.normal())
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

describe('the nearest point of a spherical cap', () => {
  it('is on the cap, and nearer than any other point of it', () => {
    for (let trial = 0; trial < 300; trial += 1) {
      const [centre, vector] = [unit(4), unit(4)]
      const angle = 0.1 + random.uniform()
      const found = projectOnCap({ centre, angle }, vector)
      expect(Math.hypot(...found)).toBeCloseTo(1, 12)
      expect(angleBetween(found, centre)).toBeLessThanOrEqual(angle + 1e-9)
      const other = projectOnCap({ centre, angle }, unit(4))
      expect(angleBetween(found, vector)).toBeLessThanOrEqual(angleBetween(other, vector) + 1e-9)
    }
  })

  it('is the direction itself within the cap, and anywhere on the whole sphere', () => {
    const [centre, vector] = [Float64Array.of(1, 0), Float64Array.of(-3, 4)]
    expect([...projectOnCap({ centre, angle: Math.PI }, vector)]).toEqual([-0.6, 0.8])
    expect([...projectOnCap({ centre, angle: 0.1 }, centre)]).toEqual([1, 0])
  })

  it('is the centre where no side is nearer', () => {
    const centre = Float64Array.of(1, 0)
    expect(projectOnCap({ centre, angle: 0.1 }, Float64Array.of(-1, 0))).toBe(centre)
    expect(projectOnCap({ centre, angle: 0.1 }, Float64Array.of(0, 0))).toBe(centre)
  })
})
