import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../contracts/engine.js'
import { AssayError } from '../errors/assay-error.js'
import { decodeFloat16 } from './float-16.js'
import oracle from './formats.oracle.json' with { type: 'json' }
import { npyLimits } from './npy-header.js'
import { parseNpy } from './parse-npy.js'
import { parseNpyHeader } from './parse-npy-header.js'
import { countValues, type ElementType, tensorFromBytes } from './tensor-bytes.js'
import { writeNpy } from './write-npy.js'
import { writeNpyHeader } from './write-npy-header.js'

const bytes = (base64: string) =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
const failsWith = (code: string, more: object = {}) => expect.objectContaining({ code, ...more })

/** An npy file of any header text. */
function npyFile(text: string, values = new Uint8Array(), version = 1): Uint8Array {
  const header = new TextEncoder().encode(text)
  const length = version === 1 ? 2 : 4
  const file = new Uint8Array(8 + length + header.length + values.length)
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0])
  const view = new DataView(file.buffer)
  if (version === 1) view.setUint16(8, header.length, true)
  else view.setUint32(8, header.length, true)
  file.set(header, 8 + length)
  file.set(values, 8 + length + header.length)
  return file
}

const dictionary = (shape: string, descr = "'<f4'", order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`

describe.each(oracle.npy)('numpy file "$name"', ({ file, shape, dtype, values }) => {
  it('is read with the values that numpy holds', () => {
    const tensor = parseNpy(bytes(file))
    expect(tensor.type).toBe(dtype)
    expect(tensor.dims).toEqual(shape)
    const data = tensor.type === 'float16' ? decodeFloat16(tensor.data) : tensor.data
    const numbers = Array.from(data as ArrayLike<number | bigint>, Number)
    const expected = values.map((value) => Number(value.replace('inf', 'Infinity')))
    expect(numbers).toEqual(expected)
  })

  it('is refused wherever it is cut', () => {
    const whole = bytes(file)
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseNpy(whole.subarray(0, length))).toThrow(failsWith('MALFORMED_NPY'))
    }
  })
})

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
const widths = { float32: 4, float64: 8, float16: 2, int64: 8, int32: 4, uint8: 1, bool: 1 }
const tensors: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...(Object.keys(widths) as ElementType[])), shapes)
  .chain(([type, dims]) => {
    const length = countValues(dims) * widths[type]
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((values) => tensorFromBytes(type, dims, values))
  })

const bitsOf = ({ type, dims, data }: Tensor) => ({
  type,
  dims,
  bytes: [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
})

describe('writeNpy', () => {
  it('keeps every bit of any tensor, in C and in Fortran order', () => {
    fc.assert(
      fc.property(tensors, fc.boolean(), (tensor, fortranOrder) => {
        const file = writeNpy(tensor, { fortranOrder })
        expect(parseNpyHeader(file)).toMatchObject({ fortranOrder, shape: tensor.dims })
        expect(bitsOf(parseNpy(file))).toEqual(bitsOf(tensor))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('writes the bytes that numpy writes', () => {
    for (const { name, file } of oracle.npy) {
      if (name.startsWith('>') || name === 'version 2' || name === 'version 3') continue
      const whole = bytes(file)
      const { fortranOrder } = parseNpyHeader(whole)
      const written = writeNpy(parseNpy(whole), { fortranOrder })
      const text = (content: Uint8Array) => new TextDecoder('latin1').decode(content)
      // numpy leaves room for growth of the first dimension; the dictionary is the same.
      expect(text(written).split('}')[0]?.slice(10)).toBe(text(whole).split('}')[0]?.slice(10))
      const { dataLength } = parseNpyHeader(whole)
      if (dataLength > 0) expect(written.slice(-dataLength)).toEqual(whole.slice(-dataLength))
    }
  })

  it('refuses values that do not fill its dimensions', () => {
    const data = new Float32Array(3)
    for (const dims of [[2, 2], [-1, -3], [1.5, 2], []]) {
      expect(() => writeNpy({ type: 'float32', dims, data })).toThrow(failsWith('SHAPE_MISMATCH'))
    }
  })

  it('leaves its tensor as it was', () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6)
    writeNpy({ type: 'float32', dims: [2, 3], data }, { fortranOrder: true })
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('parseNpyHeader', () => {
  it('needs the start of the file only', () => {
    const whole = bytes(oracle.npy[0]?.file ?? '')
    const { dataOffset, dataLength, shape } = parseNpyHeader(whole.subarray(0, 128))
    expect(dataOffset + dataLength).toBe(whole.length)
    expect(shape).toEqual([3, 5])
    expect(writeNpyHeader({ type: 'float32', shape: [7] }).length % 64).toBe(0)
  })

  it('takes keys in any order, double quotes, and numbers of Python 2', () => {
    const text = '{"shape": (2L, 3L), "fortran_order": False, "descr": "<f4"}'
    expect(parseNpyHeader(npyFile(text))).toMatchObject({ shape: [2, 3], type: 'float32' })
    expect(parseNpyHeader(npyFile(dictionary('()', "'=f8'"), undefined, 2))).toMatchObject({
      shape: [],
      type: 'float64',
      dataLength: 8,
    })
  })

  it('says what to do about raw values without magic', () => {
    const raw = new Uint8Array(new Float32Array(64).buffer)
    expect(() => parseNpyHeader(raw, { file: 'features.npy' })).toThrow(
      failsWith('MALFORMED_NPY', {
        location: { file: 'features.npy' },
        remedy: expect.stringContaining('type and shape'),
        message: expect.stringContaining('features.npy'),
      }),
    )
  })

  it.each([
    ['no dictionary', 'descr'],
    ['an open dictionary', "{'descr': '<f4'"],
    ['an empty dictionary', '{}'],
    ['a missing key', "{'descr': '<f4', 'fortran_order': False}"],
    ['an extra key', `{'a': 'b', ${dictionary('(1,)').slice(1)}`],
    ['a key that stands twice', `{'descr': '<f4', ${dictionary('(1,)').slice(1)}`],
    ['a key that is no text', "{descr: '<f4', 'fortran_order': False, 'shape': (1,)}"],
    ['an order that is no truth value', dictionary('(1,)', "'<f4'", "'C'")],
    ['a type that is no text', dictionary('(1,)', 'True')],
    ['a shape that is no tuple', dictionary('3')],
    ['a shape that is a number in brackets', dictionary('(3)')],
    ['a negative shape', dictionary('(-3,)')],
    ['a fractional shape', dictionary('(1.5,)')],
    ['a shape with a hole', dictionary('(1,,2)')],
    ['a shape of one comma', dictionary('(,)')],
    ['a nested shape', dictionary('((1,),)')],
    ['code', dictionary('__import__("os").system("true")')],
    ['something after the dictionary', `${dictionary('(1,)')} 1`],
  ])('refuses %s', (_, text) => {
    expect(() => parseNpyHeader(npyFile(text))).toThrow(failsWith('MALFORMED_NPY'))
  })

  it.each([
    ['a dimension beyond 2^32', dictionary('(4294967297,)')],
    ['a dimension of 400 digits', dictionary(`(${'9'.repeat(400)},)`)],
    ['a size beyond 2^53', dictionary('(4294967296, 4294967296)')],
    ['a product that overflows', dictionary(`(${'4294967296, '.repeat(40)}0)`)],
    ['too many dimensions', dictionary(`(${'1, '.repeat(npyLimits.dimensions + 1)})`)],
    ['too long a header', dictionary('(1,)').padEnd(npyLimits.headerBytes)],
  ])('stops at %s', (_, text) => {
    expect(() => parseNpyHeader(npyFile(text, undefined, 2))).toThrow(failsWith('LIMIT_EXCEEDED'))
  })

  it.each(Object.entries(oracle.unsupported))('does not read values of a %s type', (_, file) => {
    expect(() => parseNpy(bytes(file))).toThrow(failsWith('UNSUPPORTED_FORMAT'))
  })

  it.each([
    ['an empty type', dictionary('(1,)', "''")],
    ['an unknown byte order', dictionary('(1,)', "'?f4'")],
  ])('does not read %s', (_, text) => {
    expect(() => parseNpyHeader(npyFile(text))).toThrow(failsWith('UNSUPPORTED_FORMAT'))
  })

  it('does not read a format version of the future', () => {
    expect(() => parseNpyHeader(npyFile(dictionary('(1,)'), undefined, 4))).toThrow(
      failsWith('UNSUPPORTED_FORMAT', { value: 4 }),
    )
  })
})

describe('parseNpy', () => {
  it('refuses bytes behind the values', () => {
    const file = npyFile(dictionary('(1,)'), new Uint8Array(5))
    expect(() => parseNpy(file)).toThrow(failsWith('MALFORMED_NPY'))
  })

  it('reads a view into a larger buffer', () => {
    const whole = bytes(oracle.npy[0]?.file ?? '')
    const buffer = new Uint8Array(whole.length + 3)
    buffer.set(whole, 3)
    expect(parseNpy(buffer.subarray(3))).toEqual(parseNpy(whole))
  })

  it('reads bytes whose slice is a view, as that of a Buffer of Node', () => {
    class Sharing extends Uint8Array {
      override slice(start?: number, end?: number) {
        return this.subarray(start, end)
      }
    }
    const file = writeNpy({ type: 'float32', dims: [2], data: Float32Array.of(1, 2) })
    expect(parseNpy(new Sharing(file)).data).toEqual(Float32Array.of(1, 2))
  })

  it('fails on damaged and on random files with a located AssayError, and never otherwise', () => {
    const whole = bytes(oracle.npy[0]?.file ?? '')
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((edits) => {
        const file = whole.slice()
        for (const [at, byte] of edits) file[at] = byte
        return file
      })
    const claimed = fc.uint8Array({ maxLength: 80 }).map((rest) => {
      const file = new Uint8Array(10 + rest.length)
      file.set(whole.subarray(0, 10))
      file.set(rest, 10)
      file[8] = rest.length
      return file
    })
    const codes = ['MALFORMED_NPY', 'UNSUPPORTED_FORMAT', 'LIMIT_EXCEEDED']
    fc.assert(
      fc.property(fc.oneof(damaged, claimed, fc.uint8Array({ maxLength: 200 })), (file) => {
        try {
          expect(countValues(parseNpy(file, { file: 'a.npy' }).dims)).toBeGreaterThanOrEqual(0)
        } catch (error) {
          if (!AssayError.isInstance(error)) throw error
          expect(codes).toContain(error.code)
          expect(error.location.file).toBe('a.npy')
        }
      }),
      { seed: 1, numRuns: 5000 },
    )
  })
})
