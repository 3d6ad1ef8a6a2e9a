import { createMatrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { joinReferences } from './join-references.js'
import { createReferenceBank } from './reference-bank.js'
import { referencesInMemory } from './references-in-memory.js'

const at = (...values: readonly number[]) => [Float64Array.from(values)]
const setOf = (rows: readonly (readonly number[])[], fingerprint: string | null = null) =>
  referencesInMemory(createMatrix({ data: rows, fingerprint }))

describe('a bank', () => {
  it('holds copies of what it is given', async () => {
    const bank = createReferenceBank({ dimensions: 2 })
    expect(await bank.within(at(0, 0), { radius: 9 })).toEqual([[]])
    const picture = [3, 4]
    bank.add([picture, [0, 1]])
    picture[0] = 100
    const [near] = await bank.within(at(0, 0), { radius: 9 })
    expect(near!.map(({ row, distance }) => [row, distance])).toEqual([
      [0, 5],
      [1, 1],
    ])
    expect(bank.size).toBe(2)
  })

  it.each([
    ['SHAPE_MISMATCH', [[1, 2], [1]]],
    [
      'NOT_FINITE',
      [
        [1, 2],
        [1, Number.NaN],
      ],
    ],
  ])('refuses with %s, and keeps nothing of it', (code, pictures) => {
    const bank = createReferenceBank({ dimensions: 2 })
    expect(() => bank.add(pictures)).toThrow(expect.objectContaining({ code }))
    expect(bank.size).toBe(0)
  })

  it.each([0, 1.5, Number.NaN])('of %d numbers cannot be', (dimensions) => {
    expect(() => createReferenceBank({ dimensions })).toThrow('cannot hold')
  })
})

describe('joined references', () => {
  it('number the rows of each set after those before it, also while one grows', async () => {
    const bank = createReferenceBank({ dimensions: 1 })
    const joined = joinReferences([setOf([[0], [1]]), bank, setOf([[2]])])
    const rows = async () =>
      (await joined.within(at(1), { radius: 5 }))[0]!.map(({ row, distance }) => [row, distance])
    expect(await rows()).toEqual([
      [0, 1],
      [1, 0],
      [2, 1],
    ])
    bank.add([[4]])
    expect(joined.size).toBe(4)
    expect(await rows()).toEqual([
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 1],
    ])
  })

  it('are of one space', () => {
    expect(joinReferences([setOf([[0]], 'a'), setOf([[1]], 'a')]).fingerprint).toBe('a')
    expect(joinReferences([setOf([[0]]), setOf([[1]], 'a')]).fingerprint).toBeNull()
    for (const other of [setOf([[1]], 'b'), setOf([[1, 2]])]) {
      expect(() => joinReferences([setOf([[0]], 'a'), other])).toThrow('cannot be compared')
    }
  })
})
