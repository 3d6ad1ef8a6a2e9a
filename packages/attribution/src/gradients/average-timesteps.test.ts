import { createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { expectNear, setOf } from './__fixtures__/gradient-sets.js'
import { averageTimesteps } from './average-timesteps.js'

describe('averageTimesteps', () => {
  const first = setOf(
    [
      [3, 4],
      [0, 2],
    ],
    ['a', 'b'],
  ).rows
  const second = setOf([
    [0, 10],
    [0, 0],
  ]).rows

  it('averages directions, so that long gradients count no more than short ones', async () => {
    const { rows, zeroGradients } = await averageTimesteps({ timesteps: [first, second] })
    expect(rows).toMatchObject({ rows: 2, columns: 2, ids: ['a', 'b'] })
    expectNear('data' in rows ? rows.data : [], [0.3, 0.9, 0, 0.5], 1e-15)
    expect(zeroGradients).toBe(1)
  })

  it('gives the same whatever each timestep is multiplied by, unless told to keep lengths', async () => {
    const random = createRandom(2)
    const draw = () =>
      Array.from({ length: 5 }, () => Array.from({ length: 3 }, () => random.normal()))
    const timesteps = [draw(), draw(), draw()]
    const scaled = timesteps.map((rows, t) => rows.map((row) => row.map((x) => x * 10 ** (t - 1))))
    const averageOf = async (sets: number[][][], normalize: boolean) => {
      const rows = sets.map((set) => setOf(set).rows)
      const { rows: mean } = await averageTimesteps({ timesteps: rows, normalize })
      return 'data' in mean ? mean.data : []
    }
    expectNear(await averageOf(scaled, true), await averageOf(timesteps, true), 1e-14)
    const plain = timesteps[0]!.flatMap((row, at) =>
      row.map(
        (value, column) => (value + timesteps[1]![at]![column]! + timesteps[2]![at]![column]!) / 3,
      ),
    )
    expectNear(await averageOf(timesteps, false), plain, 1e-14)
  })

  it('writes down what it did', async () => {
    const projection = { dimension: 2, type: 'normal', seed: 1, output: 'noise' }
    const averaged = await averageTimesteps({ timesteps: [first, second], projection })
    expect(averaged.projection).toEqual({ ...projection, timesteps: 2, normalized: true })
    expect((await averageTimesteps({ timesteps: [first] })).projection).toBeNull()
  })

  it('refuses no timestep, and timesteps of two shapes', async () => {
    await expect(averageTimesteps({ timesteps: [] })).rejects.toMatchObject({ code: 'EMPTY_INPUT' })
    await expect(
      averageTimesteps({ timesteps: [first, setOf([[1, 2]]).rows] }),
    ).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' })
  })
})
