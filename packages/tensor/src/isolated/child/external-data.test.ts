import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endlessLoop, externalModel, nestedConditions } from '../__fixtures__/hostile-models.js'
import { externalData } from './external-data.js'

const outcomeOf = (bytes: Uint8Array): string[] | string => {
  try {
    return [...externalData(bytes)]
  } catch (error) {
    if (AssayError.isInstance(error)) return error.code
    throw error
  }
}

/** A field of a message: its number, the wire type of bytes, its length, its bytes. */
const field = (number: number, ...content: readonly (number | Uint8Array)[]): Uint8Array => {
  const bytes = Buffer.concat(
    content.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : part)),
  )
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes])
}

function varint(value: number): Uint8Array {
  const digits = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    digits.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) return Uint8Array.from(digits)
  }
}

const text = (value: string) => Buffer.from(value)
/** A model with one initializer of these fields. */
const initializer = (...fields: readonly Uint8Array[]) => field(7, field(5, ...fields))

describe('externalData', () => {
  it.each(['initializer', 'attribute', 'branch', 'sparse'] as const)('finds it in %s', (place) => {
    expect(outcomeOf(externalModel('weights.bin', place))).toEqual(['weights.bin'])
  })

  it('finds it in functions and in graphs for training', () => {
    const tensor = field(5, field(13, field(1, text('location')), field(2, text('w'))))
    expect(outcomeOf(field(25, field(7, field(5, tensor))))).toEqual(['w'])
    expect(outcomeOf(field(25, field(11, tensor)))).toEqual(['w'])
    expect(outcomeOf(field(20, field(1, tensor)))).toEqual(['w'])
    expect(outcomeOf(field(20, field(2, tensor)))).toEqual(['w'])
  })

  it('finds none in a model that is whole', () => {
    expect(outcomeOf(endlessLoop())).toEqual([])
    expect(outcomeOf(nestedConditions(5))).toEqual([])
  })

  it('takes every one of several values and keys, since parsers take different ones', () => {
    const twice = field(
      13,
      field(1, text('length')),
      field(2, text('a')),
      field(1, text('location')),
      field(2, text('b')),
    )
    expect(outcomeOf(initializer(twice))).toEqual(['a', 'b'])
    const first = field(13, field(1, text('location')), field(2, text('a')))
    const second = field(13, field(2, text('b')), field(1, text('location')))
    expect(outcomeOf(initializer(first, second))).toEqual(['a', 'b'])
    expect(outcomeOf(Buffer.concat([initializer(first), initializer(second)]))).toEqual(['a', 'b'])
  })

  it('passes over fields of any other kind', () => {
    const others = Buffer.concat([
      Uint8Array.of(8 * 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
      Uint8Array.of(8 * 2 + 1, 1, 2, 3, 4, 5, 6, 7, 8),
      Uint8Array.of(8 * 3 + 5, 1, 2, 3, 4),
      field(4000, text('unknown')),
    ])
    const entry = field(13, field(1, text('location')), field(2, text('a')))
    expect(outcomeOf(Buffer.concat([others, initializer(others, entry), others]))).toEqual(['a'])
  })

  it.each<[string, readonly number[]]>([
    ['a group', [8 * 7 + 3, 8 * 7 + 4]],
    ['the end of a group', [8 * 7 + 4]],
    ['an unknown wire type', [8 * 7 + 6]],
    ['field 0', [2, 0]],
    ['a tag of 33 bits', [0xba, 0x80, 0x80, 0x80, 0x10, 0]],
    ['a number of eleven bytes', [8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
    ['a length beyond the end', [8 * 7 + 2, 1]],
    ['a length of 2^63', [8 * 7 + 2, 255, 255, 255, 255, 255, 255, 255, 255, 127]],
    ['a length beyond its message', [8 * 7 + 2, 2, 8 * 5 + 2, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a cut number', [8, 128]],
    ['a cut double', [8 * 2 + 1, 0]],
  ])('refuses %s', (_, bytes) => {
    expect(outcomeOf(Uint8Array.from(bytes))).toBe('ENGINE_FAILED')
  })

  it('refuses messages nested without end', () => {
    let deep: Uint8Array = new Uint8Array(0)
    for (let level = 0; level < 10_000; level++) deep = field(6, deep)
    // A graph in an attribute in a node in a graph, and so on.
    const cycle = (levels: number) => {
      let inner: Uint8Array = new Uint8Array(0)
      for (let level = 0; level < levels; level++) inner = field(1, field(5, field(6, inner)))
      return field(7, inner)
    }
    expect(outcomeOf(cycle(30))).toEqual([])
    expect(outcomeOf(cycle(40))).toBe('ENGINE_FAILED')
    expect(outcomeOf(deep)).toEqual([])
  })

  it('ends with locations or an error whatever bytes are changed or cut', () => {
    const whole = externalModel('weights.bin', 'branch')
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), fc.nat(whole.length), (changes, length) => {
        const bytes = Uint8Array.from(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        expect(['string', 'object']).toContain(typeof outcomeOf(bytes.subarray(0, length)))
      }),
      { seed: 11, numRuns: 2000 },
    )
  })
})
