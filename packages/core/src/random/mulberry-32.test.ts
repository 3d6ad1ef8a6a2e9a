import { expect, it } from 'vitest'
import { mulberry32 } from './mulberry-32.js'
import oracle from './random.oracle.json' with { type: 'json' }

it('gives the uniform stream of the oracle', () => {
  const { uniform } = mulberry32(1)
  expect(Array.from({ length: 20 }, uniform)).toEqual(oracle.mulberryUniform)
})

it('starts as the attribution dossier says', () => {
  const uniform = mulberry32(1).uniform
  for (const value of [0.6270739406, 0.0027357212, 0.52744704, 0.9810509675, 0.9683778982]) {
    expect(uniform()).toBeCloseTo(value, 10)
  }
  const normal = mulberry32(1).normal
  for (const value of [1.40433878, 0.02414162, 1.21575462, -0.14543594, -0.51037688, 2.57823843]) {
    expect(normal()).toBeCloseTo(value, 8)
  }
})

it('gives the normal stream of the oracle', () => {
  const { normal } = mulberry32(1)
  // Logarithm and cosine may differ by a unit in the last place between libraries.
  for (const value of oracle.mulberryNormal) expect(normal()).toBeCloseTo(value, 13)
})
