import { createRandom } from '@assay/core'
import { euclideanDistance } from '@assay/core/linear-algebra'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { poolProjection } from './pool-projection.js'

const lengthOf = (row: ArrayLike<number>) =>
  euclideanDistance(
    row,
    Array.from(row, () => 0),
  )

describe('poolProjection', () => {
  it('averages squares, times their edge, and measures what is left of each channel', () => {
    const { dimensions, columns, project } = poolProjection({
      ...{ channels: 2, height: 2, width: 4, pool: 2 },
    })
    expect([columns, dimensions]).toEqual([16, 6])
    const first = [1, 3, 0, 0, 5, 7, 0, 0]
    const second = [2, 2, 1, 1, 2, 2, 1, 1]
    expect([...project([...first, ...second])]).toEqual([8, 0, 4, 2, Math.sqrt(20), 0])
  })

  it('leaves a row as it is without pooling, with nothing left of it', () => {
    const { project } = poolProjection({ channels: 1, height: 2, width: 2, pool: 1 })
    expect([...project([1, -2, 3, 4])]).toEqual([1, -2, 3, 4, 0])
  })

  it('keeps the length of a row, and of a constant one in the average alone', () => {
    const { normal } = createRandom(1)
    const { project } = poolProjection({ channels: 3, height: 8, width: 12, pool: 4 })
    const row = Float64Array.from({ length: 288 }, normal)
    expect(lengthOf(project(row))).toBeCloseTo(lengthOf(row), 12)
    const plain = poolProjection({
      ...{ channels: 3, height: 8, width: 12, pool: 4, residuals: false },
    })
    const constant = new Float64Array(288).fill(0.3)
    expect(plain.dimensions).toBe(18)
    expect(lengthOf(plain.project(constant))).toBeCloseTo(lengthOf(constant), 12)
  })

  it('never brings rows farther apart, whatever they are', () => {
    const shapes = fc.record({
      channels: fc.integer({ min: 1, max: 3 }),
      down: fc.integer({ min: 1, max: 3 }),
      across: fc.integer({ min: 1, max: 3 }),
      pool: fc.integer({ min: 1, max: 4 }),
      residuals: fc.boolean(),
    })
    const number = fc.oneof(
      fc.integer({ min: -2, max: 2 }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    )
    const cases = shapes.chain(({ channels, down, across, pool, residuals }) => {
      const length = channels * down * across * pool ** 2
      const row = fc.array(number, { minLength: length, maxLength: length })
      const shape = { channels, height: down * pool, width: across * pool, pool, residuals }
      return fc.tuple(fc.constant(shape), row, row)
    })
    const property = fc.property(cases, ([shape, one, other]) => {
      const { project } = poolProjection(shape)
      const apart = euclideanDistance(project(one), project(other))
      const rounding = 1e-13 * (lengthOf(one) + lengthOf(other))
      expect(apart).toBeLessThanOrEqual(euclideanDistance(one, other) + rounding)
    })
    fc.assert(property, { seed: 1, numRuns: 2000 })
  })

  it('tells a blurred row from a sharp one of the same averages', () => {
    const { project } = poolProjection({ channels: 1, height: 2, width: 2, pool: 2 })
    const [sharp, blurred] = [
      [1, -1, -1, 1],
      [0, 0, 0, 0],
    ] as const
    expect(euclideanDistance(project(sharp), project(blurred))).toBe(2)
  })

  it.each([
    { channels: 0, height: 4, width: 4, pool: 2 },
    { channels: 1, height: 6, width: 4, pool: 4 },
    { channels: 1, height: 4, width: 6, pool: 4 },
    { channels: 1, height: 4, width: 4, pool: 1.5 },
    { channels: 1, height: 4, width: 4, pool: Number.NaN },
  ])('refuses $channels × $height × $width by $pool', (shape) => {
    expect(() => poolProjection(shape)).toThrowError(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  it('refuses a row of another length', () => {
    const { project } = poolProjection({ channels: 1, height: 2, width: 2, pool: 2 })
    expect(() => project([1, 2, 3])).toThrowError(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
  })
})
