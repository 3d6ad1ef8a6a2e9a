import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { descend } from './descend.js'
import { angleBetween, projectOnCap } from './spherical-cap.js'
import type { ConceptVectors, TuningLoss } from './tuning-loss.js'

const random = createRandom('descents')
const unit = () => {
  const values = Float64Array.from({ length: 5 }, () => random.normal())
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}
const product = (one: Float64Array, other: Float64Array) =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0)

/** -a · c_u - b · c_a, which is least at the points of the caps nearest to a and b. */
const linear =
  (a: Float64Array, b: Float64Array): TuningLoss =>
  ({ unacceptable, acceptable }) => ({
    loss: -product(a, unacceptable) - product(b, acceptable),
    gradient: { unacceptable: a.map((value) => -value), acceptable: b.map((value) => -value) },
  })

const descent = (loss: TuningLoss, start: ConceptVectors, angle: number) => [
  ...descend({
    loss,
    caps: {
      unacceptable: { centre: start.unacceptable, angle },
      acceptable: { centre: start.acceptable, angle },
    },
    steps: 300,
  }),
]

describe('the descent', () => {
  it('arrives at the least point, on the whole sphere and on caps', () => {
    for (let trial = 0; trial < 50; trial += 1) {
      const [a, b] = [unit(), unit()]
      const start = { unacceptable: unit(), acceptable: unit() }
      const angle = trial % 2 === 0 ? Math.PI : 0.4
      const end = descent(linear(a, b), start, angle).at(-1)
      const [u, v] = [end?.vectors.unacceptable ?? a, end?.vectors.acceptable ?? b]
      expect(angleBetween(u, projectOnCap({ centre: start.unacceptable, angle }, a))).toBeLessThan(
        1e-3,
      )
      expect(angleBetween(v, projectOnCap({ centre: start.acceptable, angle }, b))).toBeLessThan(
        1e-3,
      )
    }
  })

  it('goes down at every step and never leaves the sphere', () => {
    const start = { unacceptable: unit(), acceptable: unit() }
    const points = descent(linear(unit(), unit()), start, Math.PI)
    const losses = points.map(({ loss }) => loss)
    expect(losses).toEqual([...losses].sort((one, other) => other - one))
    for (const { vectors } of points) {
      expect(Math.hypot(...vectors.unacceptable)).toBeCloseTo(1, 12)
      expect(Math.hypot(...vectors.acceptable)).toBeCloseTo(1, 12)
    }
  })

  it('stays where the gradient is zero', () => {
    const start = { unacceptable: unit(), acceptable: unit() }
    const flat: TuningLoss = () => ({
      loss: -1,
      gradient: { unacceptable: new Float64Array(5), acceptable: new Float64Array(5) },
    })
    expect(descent(flat, start, Math.PI)).toHaveLength(1)
  })
})
