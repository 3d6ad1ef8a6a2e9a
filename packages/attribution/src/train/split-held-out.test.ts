import { describe, expect, it } from 'vitest'
import type { RowName } from '../evaluation/tuned-model.js'
import { splitHeldOut } from './split-held-out.js'

/** 20 models of 10 prompts each, in clusters of two; a query's number tells both. */
const models = Array.from({ length: 20 }, (_, model) => {
  const rows = Array.from({ length: 10 }, (_, prompt) => model * 10 + prompt)
  return {
    id: `m${model}`,
    cluster: `c${model >> 1}`,
    exemplars: [model],
    queries: { media: rows.slice(0, 5), gpt: rows.slice(5) },
  }
})
const promptOf = (query: RowName) => `prompt ${Number(query) % 10}`
const queriesOf = (list: readonly (typeof models)[number]['queries'][]) =>
  list.flatMap((queries) => Object.values(queries).flat())

describe('splitHeldOut', () => {
  const split = splitHeldOut({ models, promptOf, modelShare: 0.2, promptShare: 0.3, seed: 4 })
  const { training, heldOut } = split
  const rowsOf = (
    list: readonly { readonly queries: Readonly<Record<string, readonly RowName[]>> }[],
  ) => list.flatMap(({ queries }) => Object.values(queries).flat())

  it('holds out whole clusters of models', () => {
    expect(heldOut.exemplars).toHaveLength(4)
    expect(new Set(heldOut.exemplars.map(({ cluster }) => cluster)).size).toBe(2)
    expect(training).toHaveLength(16)
    const kept = new Set(training.map(({ id }) => id))
    expect(heldOut.exemplars.filter(({ id }) => kept.has(id))).toEqual([])
  })

  it('holds out prompts that no model is learned from, of the same models', () => {
    const learned = new Set(rowsOf(training).map(promptOf))
    const held = new Set(rowsOf(heldOut.prompts).map(promptOf))
    expect([learned.size, held.size]).toEqual([7, 3])
    expect([...held].filter((prompt) => learned.has(prompt))).toEqual([])
    expect(heldOut.prompts.map(({ id }) => id)).toEqual(training.map(({ id }) => id))
  })

  it('loses no picture and counts none twice', () => {
    const all = [training, heldOut.prompts, heldOut.exemplars].flatMap(rowsOf)
    expect(all.sort((a, b) => Number(a) - Number(b))).toEqual(
      queriesOf(models.map(({ queries }) => queries)),
    )
  })

  it('draws the same again, and others with another seed', () => {
    const again = (seed: number) =>
      splitHeldOut({ models, promptOf, modelShare: 0.2, promptShare: 0.3, seed })
    expect(again(4)).toEqual(split)
    expect(again(5)).not.toEqual(split)
  })

  it.each([
    [{ modelShare: 1 }, 'INVALID_ARGUMENT'],
    [{ promptShare: -0.1 }, 'INVALID_ARGUMENT'],
    [{ modelShare: Number.NaN }, 'INVALID_ARGUMENT'],
    [{ modelShare: 0.99, promptShare: 0 }, 'EMPTY_INPUT'],
  ])('refuses %o', (shares, code) => {
    expect(() => splitHeldOut({ models, promptOf, ...shares })).toThrow(
      expect.objectContaining({ code }),
    )
  })
})
