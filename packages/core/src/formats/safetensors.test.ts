import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../contracts/engine.js'
import { AssayError } from '../errors/assay-error.js'
import { decodeFloat16 } from './float-16.js'
import oracle from './formats.oracle.json' with { type: 'json' }
import { parseSafetensors } from './parse-safetensors.js'
import { parseSafetensorsHeader, safetensorsDataOffset } from './parse-safetensors-header.js'
import { safetensorsLimits } from './safetensors-header.js'
import { bytesPerValue, countValues, type ElementType, tensorFromBytes } from './tensor-bytes.js'
import { writeSafetensors } from './write-safetensors.js'

const bytes = (base64: string) =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
const failsWith = (code: string, more: object = {}) => expect.objectContaining({ code, ...more })
const official = bytes(oracle.tensors.file)

/** A safetensors file of any header text and number of bytes behind it. */
function safetensorsFile(header: string | Uint8Array, dataLength = 0): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const file = new Uint8Array(8 + text.length + dataLength)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  return file
}

const entry = (dtype: string, shape: unknown, offsets: unknown) =>
  `{"dtype":"${dtype}","shape":${JSON.stringify(shape)},"data_offsets":${JSON.stringify(offsets)}}`

describe('the file of the safetensors library', () => {
  it('is read with its values, shapes and metadata', () => {
    const { metadata, tensors } = parseSafetensors(official)
    expect(Object.fromEntries(metadata)).toEqual({ format: 'np', käse: '🧀' })
    const values = (tensor: Tensor) =>
      Array.from(
        (tensor.type === 'float16' ? decodeFloat16(tensor.data) : tensor.data) as ArrayLike<
          number | bigint
        >,
        String,
      )
    const numbers = [...tensors].map(([name, tensor]) => [name, values(tensor).map(Number)])
    const expected = Object.entries(oracle.tensors.values)
    expect(Object.fromEntries(numbers)).toEqual(
      Object.fromEntries(expected.map(([name, texts]) => [name, texts.map(Number)])),
    )
    expect(tensors.get('ids')?.data).toEqual(BigInt64Array.of(-(2n ** 62n), 5n))
    for (const [name, shape] of Object.entries(oracle.tensors.shapes)) {
      expect(tensors.get(name)?.dims).toEqual(shape)
    }
  })

  it('is refused wherever it is cut', () => {
    for (let length = 0; length < official.length; length++) {
      expect(() => parseSafetensors(official.subarray(0, length))).toThrow(
        failsWith('MALFORMED_SAFETENSORS'),
      )
    }
  })

  it('can be read piece by piece', () => {
    const dataOffset = safetensorsDataOffset(official.subarray(0, 8))
    const header = parseSafetensorsHeader(official.subarray(0, dataOffset), {
      byteLength: official.length,
    })
    expect(header).toEqual(parseSafetensorsHeader(official))
    const { start = 0, end = 0, shape } = header.tensors.get('weights') ?? {}
    const values = new Float32Array(official.slice(start, end).buffer)
    expect(shape).toEqual([2, 3])
    expect([...values]).toEqual(oracle.tensors.values.weights.map(Number))
  })
})

const types: ElementType[] = ['float32', 'float64', 'float16', 'int64', 'int32', 'uint8', 'bool']
const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...types), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }))
  .chain(([type, dims]) => {
    const length = countValues(dims) * bytesPerValue(type)
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((values) => tensorFromBytes(type, dims, values))
  })
const names = fc.string({ unit: 'binary' }).filter((name) => !/^__(metadata|proto)__$/.test(name))
const named = fc.uniqueArray(fc.tuple(names, tensor), { selector: ([name]) => name, maxLength: 5 })
const metadata = fc.dictionary(
  fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
  fc.string({ unit: 'binary' }),
)

const bitsOf = (tensors: ReadonlyMap<string, Tensor>) =>
  Object.fromEntries(
    [...tensors].map(([name, { type, dims, data }]) => [
      `name ${name}`,
      { type, dims, bytes: [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)] },
    ]),
  )

describe('writeSafetensors', () => {
  it('keeps every bit of any tensors and metadata', () => {
    fc.assert(
      fc.property(named, metadata, (tensors, texts) => {
        const file = writeSafetensors(new Map(tensors), new Map(Object.entries(texts)))
        const parsed = parseSafetensors(file)
        expect(bitsOf(parsed.tensors)).toEqual(bitsOf(new Map(tensors)))
        expect(Object.fromEntries(parsed.metadata)).toEqual({ ...texts })
        for (const { start, dtype } of parseSafetensorsHeader(file).tensors.values()) {
          expect(start % (dtype.endsWith('64') ? 8 : 1)).toBe(0)
        }
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('gives the same file for the same tensors in any order', () => {
    const { tensors } = parseSafetensors(official)
    expect(writeSafetensors(new Map([...tensors].reverse()))).toEqual(writeSafetensors(tensors))
  })

  it('writes the bytes that the safetensors library writes', () => {
    const file = bytes(oracle.tensors.float32Only)
    expect(writeSafetensors(parseSafetensors(file).tensors)).toEqual(file)
  })

  it('refuses reserved names and values that do not fit', () => {
    const data = Float32Array.of(1)
    for (const name of ['__metadata__', '__proto__']) {
      expect(() =>
        writeSafetensors(new Map([[name, { type: 'float32', dims: [1], data }]])),
      ).toThrow(failsWith('INVALID_ARGUMENT', { value: name }))
    }
    expect(() => writeSafetensors(new Map([['a', { type: 'float32', dims: [2], data }]]))).toThrow(
      failsWith('SHAPE_MISMATCH'),
    )
  })
})

describe('parseSafetensorsHeader', () => {
  const one = entry('U8', [2], [0, 2])

  it('takes an empty header and one padded behind', () => {
    expect(parseSafetensorsHeader(safetensorsFile('{}')).tensors.size).toBe(0)
    expect(parseSafetensorsHeader(safetensorsFile(`{"a":${one}}   `, 2)).tensors.size).toBe(1)
  })

  it.each<[string, string, number]>([
    ['no object', '[]', 0],
    ['no JSON', '{"a"', 0],
    ['padding before the header', ` {"a":${one}}`, 2],
    ['a tensor that stands twice', `{"a":${one},"a":${one}}`, 2],
    ['a tensor named __proto__', `{"__proto__":${one}}`, 2],
    ['deep nesting', `{"a":{"dtype":"U8","shape":[[2]],"data_offsets":[0,2]}}`, 2],
    ['deeper nesting', `{"a":${'['.repeat(100_000)}`, 0],
    ['a tensor that is no object', '{"a":[1,2,3]}', 0],
    ['a tensor that is null', '{"a":null}', 0],
    ['a tensor without dtype', '{"a":{"shape":[2],"data_offsets":[0,2]}}', 2],
    ['a tensor with more', `{"a":{"x":1,${one.slice(1)}}`, 2],
    ['an unknown dtype', `{"a":${entry('F12', [2], [0, 2])}}`, 2],
    ['a dtype that is no text', '{"a":{"dtype":1,"shape":[2],"data_offsets":[0,2]}}', 2],
    ['a shape that is no list', `{"a":${entry('U8', 2, [0, 2])}}`, 2],
    ['a negative shape', `{"a":${entry('U8', [-2, -1], [0, 2])}}`, 2],
    ['a fractional shape', `{"a":${entry('U8', [0.5, 4], [0, 2])}}`, 2],
    ['a shape of texts', `{"a":${entry('U8', ['2'], [0, 2])}}`, 2],
    ['an infinite shape', '{"a":{"dtype":"U8","shape":[1e999],"data_offsets":[0,2]}}', 2],
    ['offsets that are no list', `{"a":${entry('U8', [2], 0)}}`, 2],
    ['negative offsets', `{"a":${entry('U8', [2], [-2, 0])}}`, 2],
    ['one offset', `{"a":${entry('U8', [2], [2])}}`, 2],
    ['no offset', `{"a":${entry('U8', [0], [])}}`, 0],
    ['three offsets', `{"a":${entry('U8', [2], [0, 2, 2])}}`, 2],
    ['offsets turned round', `{"a":${entry('U8', [2], [2, 0])}}`, 2],
    [
      'offsets beyond 2^53',
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,9007199254740993]}}',
      2,
    ],
    ['offsets that do not fit the shape', `{"a":${entry('F32', [2], [0, 2])}}`, 2],
    ['a product that overflows', `{"a":${entry('F64', [4294967296, 4294967296], [0, 2])}}`, 2],
    [
      'a product that becomes NaN',
      `{"a":${entry('U8', [...Array(40).fill(4294967296), 0], [0, 0])}}`,
      0,
    ],
    ['a hole at the start', `{"a":${entry('U8', [2], [1, 3])}}`, 3],
    ['a hole', `{"a":${one},"b":${entry('U8', [1], [3, 4])}}`, 4],
    ['an overlap', `{"a":${one},"b":${entry('U8', [2], [1, 3])}}`, 3],
    ['two tensors at one place', `{"a":${one},"b":${one}}`, 2],
    ['bytes behind the values', `{"a":${one}}`, 3],
    ['values that end early', `{"a":${one}}`, 1],
    ['values without a tensor', '{}', 1],
    ['metadata that is no object', '{"__metadata__":"a"}', 0],
    ['metadata that is a number', '{"__metadata__":1}', 0],
    ['metadata that is a list', '{"__metadata__":["a"]}', 0],
    ['metadata of numbers', '{"__metadata__":{"a":1}}', 0],
  ])('refuses %s', (_, header, dataLength) => {
    expect(() => parseSafetensorsHeader(safetensorsFile(header, dataLength))).toThrow(
      failsWith('MALFORMED_SAFETENSORS'),
    )
  })

  it('takes a shape of very many dimensions', () => {
    const shape = Array(200_000).fill(1)
    const file = safetensorsFile(`{"a":${entry('U8', shape, [0, 1])}}`, 1)
    expect(parseSafetensorsHeader(file).tensors.get('a')?.shape).toHaveLength(200_000)
  })

  it('refuses a header that is not UTF-8', () => {
    const header = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)
    expect(() => parseSafetensorsHeader(safetensorsFile(header))).toThrow(
      failsWith('MALFORMED_SAFETENSORS'),
    )
  })

  it('stops at a header or a dimension that is too long', () => {
    for (const length of [BigInt(safetensorsLimits.headerBytes) + 1n, 2n ** 64n - 1n]) {
      const file = new Uint8Array(16)
      new DataView(file.buffer).setBigUint64(0, length, true)
      expect(() => parseSafetensorsHeader(file)).toThrow(failsWith('LIMIT_EXCEEDED'))
    }
    const wide = safetensorsFile(`{"a":${entry('U8', [4294967297, 0], [0, 0])}}`)
    expect(() => parseSafetensorsHeader(wide)).toThrow(failsWith('LIMIT_EXCEEDED'))
  })

  it('knows element types that it does not read, and says which tensor has one', () => {
    const file = safetensorsFile(`{"w":${entry('BF16', [2], [0, 4])}}`, 4)
    expect(parseSafetensorsHeader(file).tensors.get('w')).toMatchObject({
      dtype: 'BF16',
      type: null,
    })
    expect(() => parseSafetensors(file, { file: 'a.safetensors' })).toThrow(
      failsWith('UNSUPPORTED_FORMAT', {
        message: expect.stringContaining('"w"'),
        location: { file: 'a.safetensors' },
      }),
    )
  })
})

describe('parseSafetensors', () => {
  it('fails on damaged and on random files with an AssayError, and never otherwise', () => {
    const damaged = fc
      .array(fc.tuple(fc.nat(official.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((edits) => {
        const file = official.slice()
        for (const [at, byte] of edits) file[at] = byte
        return file
      })
    const claimed = fc.uint8Array({ maxLength: 80 }).map((rest) => safetensorsFile(rest))
    const codes = ['MALFORMED_SAFETENSORS', 'UNSUPPORTED_FORMAT', 'LIMIT_EXCEEDED']
    fc.assert(
      fc.property(fc.oneof(damaged, claimed, fc.uint8Array({ maxLength: 200 })), (file) => {
        try {
          for (const { dims, data } of parseSafetensors(file).tensors.values()) {
            expect(data.length).toBe(countValues(dims))
          }
        } catch (error) {
          if (!AssayError.isInstance(error)) throw error
          expect(codes).toContain(error.code)
        }
      }),
      { seed: 1, numRuns: 5000 },
    )
  })
})
