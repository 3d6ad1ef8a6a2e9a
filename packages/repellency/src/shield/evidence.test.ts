import { createMatrix, type DenoisingStep } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { referencesInMemory } from '../references/references-in-memory.js'
import { createShield } from './create-shield.js'

const references = referencesInMemory(
  createMatrix({
    data: [
      [0, 0],
      [10, 0],
      [10, 1],
    ],
  }),
)

/** A model call whose predictions are these, and whose states lie 5 to the right of them. */
function stepOf(predictions: readonly (readonly number[])[], changes: Partial<DenoisingStep> = {}) {
  const dims = [predictions.length, 2]
  const data = Float32Array.from(predictions.flat())
  const state = Float32Array.from(data, (value, at) => (at % 2 === 0 ? value + 5 : value))
  const step: DenoisingStep = {
    ...{ index: 0, count: 3, timestep: 1, signalCoefficient: 1, noiseCoefficient: 1 },
    ...{ seeds: predictions.map((_, row) => 7 + row), condition: null, guidanceScale: 1 },
    ...{
      state: { type: 'float32', dims, data: state },
      prediction: { type: 'float32', dims, data },
    },
    ...changes,
  }
  return step
}

describe('the evidence of a shield', () => {
  it('tells of each call and of each picture', async () => {
    const shield = createShield({ references, radius: 2, overcompensation: 1 })
    await shield.hook(
      stepOf([
        [1, 0],
        [50, 50],
        [10, -1],
      ]),
    )
    await shield.hook(
      stepOf(
        [
          [5, 0],
          [50, 50],
          [0, 0],
        ],
        { index: 1, timestep: 0.5 },
      ),
    )
    expect(shield.calls).toEqual([
      {
        ...{ index: 0, timestep: 1, pictures: 3, active: 2, shields: 2, copies: 0 },
        ...{ correction: 1, relativeCorrection: 1 / 5, nearest: 1, nearestAfter: 2 },
      },
      {
        ...{ index: 1, timestep: 0.5, pictures: 3, active: 1, shields: 1, copies: 1 },
        ...{ correction: expect.closeTo(2, 12), relativeCorrection: expect.closeTo(0.4, 12) },
        ...{ nearest: 0, nearestAfter: expect.closeTo(2, 12) },
      },
    ])
    expect(shield.pictures).toEqual([
      {
        ...{ seed: 7, calls: 2, activeCalls: 1, firstActive: 0, lastActive: 0, shields: 1 },
        ...{ nearest: 1, nearestAfter: 2, met: [{ row: 0, distance: 1 }] },
      },
      {
        ...{ seed: 8, calls: 2, activeCalls: 0, firstActive: null, lastActive: null, shields: 0 },
        ...{ nearest: null, nearestAfter: null, met: [] },
      },
      {
        ...{ seed: 9, calls: 2, activeCalls: 2, firstActive: 0, lastActive: 1, shields: 2 },
        ...{ nearest: 0, nearestAfter: expect.closeTo(2, 12) },
        met: [
          { row: 0, distance: 0 },
          { row: 1, distance: 1 },
        ],
      },
    ])
  })

  it('has no distances of a call that nothing was near at', async () => {
    const shield = createShield({ references, radius: 2 })
    expect(await shield.hook(stepOf([[50, 50]]))).toBeUndefined()
    expect(shield.calls[0]).toMatchObject({ active: 0, correction: 0, nearest: null })
  })

  it('keeps the five nearest references of a picture', async () => {
    const rows = Array.from({ length: 8 }, (_, row) => [0, row / 10])
    const many = referencesInMemory(createMatrix({ data: rows }))
    const shield = createShield({ references: many, radius: 2 })
    await shield.hook(stepOf([[1, 0]]))
    await shield.hook(stepOf([[1, 0]], { index: 1 }))
    expect(shield.pictures[0]!.met.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4])
  })

  it('counts the others of a batch after the references', async () => {
    const shield = createShield({ references, radius: 2, apart: true })
    await shield.hook(
      stepOf([
        [50, 50],
        [50, 51],
      ]),
    )
    expect(shield.pictures.map(({ met }) => met)).toEqual([
      [{ row: 4, distance: 1 }],
      [{ row: 3, distance: 1 }],
    ])
  })
})

describe('a shield with a margin', () => {
  it('keeps predictions that much farther away', async () => {
    const shield = createShield({ references, radius: 2, margin: 0.5, strict: true })
    const adjustment = await shield.hook(
      stepOf([
        [1, 0],
        [-2.3, 0],
        [-2.6, 0],
      ]),
    )
    const { data } = adjustment!.prediction!
    for (const row of [0, 1]) {
      expect(Math.hypot(Number(data[2 * row]), Number(data[2 * row + 1]))).toBeGreaterThanOrEqual(
        2.5,
      )
    }
    expect(data[4]).toBe(Math.fround(-2.6))
  })

  it.each([-1, Number.NaN])('cannot have one of %d', (margin) => {
    expect(() => createShield({ references, radius: 2, margin, strict: true })).toThrow('margin')
  })
})

it('takes a prediction that is no number for an error, never for one outside', async () => {
  const shield = createShield({ references, radius: 2, strict: true })
  await expect(
    shield.hook(
      stepOf([
        [1, 0],
        [Number.NaN, 0],
      ]),
    ),
  ).rejects.toMatchObject({
    code: 'NOT_FINITE',
    location: { row: 1, id: '8' },
  })
})
