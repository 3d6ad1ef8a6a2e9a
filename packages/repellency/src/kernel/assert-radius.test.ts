import { createMatrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { calibrateRadius } from '../calibration/calibrate-radius.js'
import { referencesInMemory } from '../references/references-in-memory.js'
import { createShield } from '../shield/create-shield.js'
import { repel } from './repel.js'

const matrix = createMatrix({ data: [[0], [1]] })
const references = referencesInMemory(matrix)
const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('radius') }

describe.each([Number.POSITIVE_INFINITY, 1e39, 0, -1, Number.NaN])('a radius of %s', (radius) => {
  it('is refused by the kernel', async () => {
    const settings = { references, radius, overcompensation: 1, strict: true }
    await expect(repel([Float64Array.of(0)], [1], settings)).rejects.toMatchObject(refused)
  })

  it('is refused by shields', () => {
    expect(() => createShield({ references, radius })).toThrow(expect.objectContaining(refused))
  })

  it('is refused by calibration', async () => {
    const judged = calibrateRadius({ outputs: matrix, references, radius, force: true })
    await expect(judged).rejects.toMatchObject(refused)
  })
})

it('refuses a radius that is beyond float32 with its margin, and bears the largest', () => {
  const [radius, margin] = [3e38, 3e38]
  expect(() => createShield({ references, radius, margin, strict: true })).toThrow(
    expect.objectContaining(refused),
  )
  createShield({ references, radius })
})
