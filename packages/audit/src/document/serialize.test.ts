import { describe, expect, it } from 'vitest'
import { canonicalJson, serializeDocument, serializeLine } from './serialize.js'

describe('serializeDocument', () => {
  it('keeps nine significant digits of a float and every digit of an integer', () => {
    expect(
      serializeDocument({ float: 0.1234567891234, tiny: 1.23456789123e-17, whole: 12345678901 }),
    ).toBe('{\n  "float": 0.123456789,\n  "tiny": 1.23456789e-17,\n  "whole": 12345678901\n}\n')
  })

  it('writes equal bytes for figures that differ in the last bits only', () => {
    expect(serializeLine({ value: 0.1 + 0.2 })).toBe(serializeLine({ value: 0.3 }))
  })
})

describe('canonicalJson', () => {
  it('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: { d: 1, c: [2, { f: 3, e: 4 }] }, a: null })).toBe(
      canonicalJson({ a: null, b: { c: [2, { e: 4, f: 3 }], d: 1 } }),
    )
  })

  it('depends on the order of lists', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
  })
})
