import { mulberry32 } from '@assay/core/testing'
import { describe, expect, it } from 'vitest'
import {
  normalRows,
  styleTestBlock,
  testBlock,
  trainBlock,
  type WorldRows,
  worldPool,
} from './synthetic-world.js'

const sum = ({ data }: WorldRows) => data.reduce((total, value) => total + value, 0)

describe('the synthetic world', () => {
  it('starts from the streams that other languages draw', () => {
    const { uniform } = mulberry32(1)
    const expected = [0.6270739406, 0.0027357212, 0.52744704, 0.9810509675, 0.9683778982]
    for (const value of expected) expect(uniform()).toBeCloseTo(value, 9)
    const normals = [1.40433878, 0.02414162, 1.21575462, -0.14543594, -0.51037688, 2.57823843]
    normalRows(1, 2, 3).data.forEach((value, at) => {
      expect(value).toBeCloseTo(normals[at]!, 7)
    })
  })

  it('has the checksums of the reference', () => {
    const [train, test, styles] = [trainBlock(), testBlock(), styleTestBlock()]
    expect(sum(worldPool())).toBeCloseTo(462.4045400832, 8)
    expect(sum(train.exemplars)).toBeCloseTo(-225.0586581398, 8)
    expect(sum(train.queries)).toBeCloseTo(16976.3519196, 6)
    expect(sum(test.exemplars)).toBeCloseTo(-64.4317978784, 8)
    expect(sum(test.queries)).toBeCloseTo(3981.9229588, 6)
    expect(sum(styles.exemplars)).toBeCloseTo(-93.207011715, 8)
    expect(sum(styles.queries)).toBeCloseTo(2168.6645156, 6)
  })

  it('has the first values of the reference, in its shapes', () => {
    const pool = worldPool()
    expect([pool.rows, pool.columns]).toEqual([20_000, 32])
    const [a, b, c] = pool.data
    expect([a, b, c].map((value) => value!.toFixed(8))).toEqual([
      '0.39179166',
      '0.61989325',
      '-0.88543974',
    ])
    const { exemplars, queries } = trainBlock()
    expect([exemplars.rows, queries.rows]).toEqual([512, 4096])
    const first = [-1.10983035, -1.6318351, -0.10650686, -0.160058]
    first.forEach((value, at) => {
      expect(exemplars.data[at]).toBeCloseTo(value, 7)
    })
    const styles = styleTestBlock()
    expect([styles.exemplars.rows, styles.queries.rows]).toEqual([384, 512])
  })
})
