import { createMatrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { clouds } from './__fixtures__/clouds.js'
import { directionRecovery } from './direction-recovery.js'
import { meanDifferenceDirection } from './mean-difference-direction.js'

describe('the direction that pictures alone tell', () => {
  it.each([10, 200, 1000])(
    'is as near to the truth as the formula says, of %i a class',
    (count) => {
      const options = { dimensions: 768, shift: 0.3, noise: 0.03 }
      const runs = { 10: 20, 200: 3, 1000: 1 }[count] ?? 1
      let sum = 0
      for (let run = 0; run < runs; run += 1) {
        const world = clouds({ ...options, seed: `${count} ${run}` })
        const found = meanDifferenceDirection(world.unacceptable(count), world.acceptable(count))
        sum += found.reduce((total, value, at) => total + value * world.truth[at]!, 0)
      }
      const expected = directionRecovery({ ...options, picturesPerClass: count })
      expect(Math.abs(sum / runs - expected)).toBeLessThan(0.02)
    },
  )

  it('gives .964 of 200 and .992 of 1,000 pictures a class', () => {
    const at = (picturesPerClass: number) =>
      directionRecovery({ dimensions: 768, shift: 0.3, noise: 0.03, picturesPerClass })
    expect(at(200)).toBeCloseTo(0.9637, 3)
    expect(at(1000)).toBeCloseTo(0.9924, 3)
  })

  it('refuses sides without pictures, and sides of one mean', () => {
    const one = createMatrix({ data: [[1, 2]] })
    const none = createMatrix({ data: new Float32Array(0), columns: 2 })
    expect(() => meanDifferenceDirection(one, none)).toThrow('no picture')
    expect(() => meanDifferenceDirection(one, one)).toThrow('all zeros')
  })
})
