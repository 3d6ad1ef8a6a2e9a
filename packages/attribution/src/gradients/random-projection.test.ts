import { createMatrix, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { featuresFromMatrix } from '../features/features-from-matrix.js'
import { dTrakScores } from './d-trak-scores.js'
import type { GradientSet } from './gradient-set.js'
import { randomProjection } from './random-projection.js'

const columns = 3000
const random = createRandom(11)
const data = Float32Array.from({ length: 40 * columns }, () => random.normal())
const rows = createMatrix({ data, columns })

const valuesOf = ({ rows: set }: GradientSet) => ('data' in set ? set.data : new Float64Array())

function inner(values: ArrayLike<number>, width: number, a: number, b: number): number {
  let sum = 0
  for (let at = 0; at < width; at++) sum += values[a * width + at]! * values[b * width + at]!
  return sum
}

/** Root mean square error of all inner products, over the product of lengths. */
function relativeError(projected: GradientSet, dimension: number): number {
  let [sum, count] = [0, 0]
  for (let a = 0; a < rows.rows; a++) {
    for (let b = 0; b < a; b++) {
      const lengths = inner(data, columns, a, a) * inner(data, columns, b, b)
      const error = inner(valuesOf(projected), dimension, a, b) - inner(data, columns, a, b)
      sum += error ** 2 / lengths
      count += 1
    }
  }
  return Math.sqrt(sum / count)
}

describe('randomProjection', () => {
  it.each(['rademacher', 'normal'] as const)(
    'keeps inner products to within 1 / √k (%s)',
    async (type) => {
      for (const dimension of [128, 512]) {
        const projected = await randomProjection({ rows, dimension, type, seed: 1 })
        const error = relativeError(projected, dimension) * Math.sqrt(dimension)
        expect(error).toBeGreaterThan(0.9)
        expect(error).toBeLessThan(1.1)
      }
    },
  )

  it('is the same for the same seed, however the rows are read, and another for another', async () => {
    const options = { dimension: 16, seed: 'a' }
    const one = await randomProjection({ ...options, rows })
    const source = featuresFromMatrix(rows)
    const read = { ...source, blocks: () => source.blocks({ rows: 3 }) }
    expect(valuesOf(await randomProjection({ ...options, rows: read }))).toEqual(valuesOf(one))
    const other = await randomProjection({ ...options, rows, seed: 'b' })
    expect(valuesOf(other)).not.toEqual(valuesOf(one))
  })

  it('records what must not be mixed, so that scores of two seeds are refused', async () => {
    const train = await randomProjection({ rows, dimension: 16, seed: 1, output: 'loss' })
    expect(train.projection).toEqual({
      dimension: 16,
      type: 'rademacher',
      seed: 1,
      output: 'loss',
      timesteps: null,
      normalized: null,
    })
    const query = await randomProjection({ rows, dimension: 16, seed: 2 })
    await expect(dTrakScores({ models: [{ id: 'm', train, query }] })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    })
  })

  it.each([0, 1.5, Number.NaN])('refuses a dimension of %s', async (dimension) => {
    await expect(randomProjection({ rows, dimension, seed: 1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})
