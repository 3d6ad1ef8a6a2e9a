import { createMatrix } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { referencesInMemory } from '../references/references-in-memory.js'
import { diversify } from './diversify.js'
import { eightBitMargin } from './eight-bit-margin.js'
import { type ProtectOptions, protect } from './protect.js'

const references = referencesInMemory(createMatrix({ data: [[0, 0, 0]] }))

describe('protect', () => {
  it('is strict at every model call', () => {
    expect(protect({ radius: 2, references })).toEqual({
      ...{ preset: 'protect', strict: true, overcompensation: 1.6, radius: 2, references },
    })
    const own = { radius: 2, references, overcompensation: 1, margin: 0.1, box: [-1, 1] } as const
    expect(protect(own)).toEqual({ ...own, preset: 'protect', strict: true })
  })

  it.each([
    { window: [0, 0.5] },
    { window: [0, 1] },
    { strict: false },
    { apart: true },
    { references: undefined },
    { radius: -1 },
    { margin: Number.NaN },
    { box: [1, -1] },
  ])('refuses %j', (changes) => {
    const options = { radius: 2, references, ...changes } as unknown as ProtectOptions
    expect(() => protect(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

describe('diversify', () => {
  it('keeps the pictures of a batch apart', () => {
    expect(diversify({ radius: 2 })).toEqual({
      ...{ preset: 'diversify', apart: true, overcompensation: 1.6, radius: 2 },
    })
    const own = {
      radius: 2,
      references,
      overcompensation: 1,
      window: [0, 0.5],
      strict: true,
    } as const
    expect(diversify(own)).toEqual({ ...own, preset: 'diversify', apart: true })
  })

  it('promises nothing that a margin could keep, unless it is strict', () => {
    expect(() => diversify({ radius: 2, margin: 0.1 })).toThrow('The margin of a shield cannot be')
    expect(diversify({ radius: 2, margin: 0.1, strict: true }).margin).toBe(0.1)
  })
})

it('gives the margin of 8 bits as √D / 255, and a hair for float32', () => {
  expect(eightBitMargin(3072)).toBeGreaterThan(Math.sqrt(3072) / 255)
  expect(eightBitMargin(3072)).toBeCloseTo(Math.sqrt(3072) / 255, 4)
})
