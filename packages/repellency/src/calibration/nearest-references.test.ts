import { createMatrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { referencesInMemory } from '../references/references-in-memory.js'
import { nearestReferences } from './nearest-references.js'

const matrixOf = (...data: readonly (readonly number[])[]) => createMatrix({ data })
const references = referencesInMemory(matrixOf([0, 0], [3, 4], [3, 4]))

describe('nearestReferences', () => {
  it('finds the nearest from any first radius, of equally near ones the first', async () => {
    for (const start of [1e-9, 1, 1e9]) {
      const outputs = matrixOf([0, 1], [3, 3], [-1e6, 0])
      const nearest = await nearestReferences(outputs, references, { start })
      expect(nearest.map(({ row, distance }) => [row, distance])).toEqual([
        [0, 1],
        [1, 1],
        [0, 1e6],
      ])
    }
  })

  it.each([
    ['a first radius of 0', matrixOf([0, 1]), 0, 'INVALID_ARGUMENT'],
    ['a first radius that is no number', matrixOf([0, 1]), Number.NaN, 'INVALID_ARGUMENT'],
    ['outputs of other dimensions', matrixOf([0, 1, 2]), 1, 'SHAPE_MISMATCH'],
    ['outputs that are no numbers', matrixOf([0, Number.NaN]), 1, 'NOT_FINITE'],
  ])('refuses %s, for which balls would grow for ever', async (_, outputs, start, code) => {
    const nearest = nearestReferences(outputs, references, { start })
    await expect(nearest).rejects.toMatchObject({ code })
  })

  it('refuses to search where there is nothing', async () => {
    const none = referencesInMemory(createMatrix({ data: new Float32Array(0), columns: 2 }))
    const nearest = nearestReferences(matrixOf([0, 1]), none, { start: 1 })
    await expect(nearest).rejects.toMatchObject({ code: 'EMPTY_INPUT' })
  })
})
