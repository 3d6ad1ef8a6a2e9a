import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssayError } from '../errors/assay-error.js'
import { parseJson } from './parse-json.js'

const malformed = expect.objectContaining({ code: 'MALFORMED_JSON' })

describe('parseJson', () => {
  it('gives what JSON.parse gives for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : 0)
        fc.pre(!text.includes('__proto__'))
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('refuses a key that stands twice, however it is spelt', () => {
    for (const text of ['{"a":1,"a":2}', '{"a":1,"b":{},"\\u0061":2}', '[{"x":[{"":1,"" :2}]}]']) {
      expect(() => parseJson(text)).toThrow(malformed)
    }
    expect(parseJson('[{"a":1},{"a":"a"},{"b":{"a":1},"a":["a","a"]}]')).toHaveLength(3)
    expect(parseJson('{"a:":"b:","c":":"}')).toEqual({ 'a:': 'b:', c: ':' })
  })

  it('counts depth, not brackets', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(64))).toBeInstanceOf(Array)
    expect(parseJson(`[${Array(100).fill('[]').join()}]`)).toHaveLength(100)
    expect(parseJson('["[[[[", "\\"[[[["]', { maximumDepth: 1 })).toHaveLength(2)
    expect(() => parseJson(nested(65))).toThrow(malformed)
    expect(() => parseJson('[[1]]', { maximumDepth: 1 })).toThrow(malformed)
    expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow(malformed)
  })

  it('refuses more objects and arrays than it may have, before they are made', () => {
    const many = (count: number) => `[${Array(count).fill('{}').join()}]`
    expect(parseJson(many(9), { maximumContainers: 10 })).toHaveLength(9)
    expect(() => parseJson(many(10), { maximumContainers: 10 })).toThrow(malformed)
    expect(() => parseJson(many(2 ** 22))).toThrow(malformed)
    expect(parseJson('"[[[["', { maximumContainers: 0 })).toBe('[[[[')
  })

  it('refuses a key that could change a prototype', () => {
    for (const text of ['{"__proto__":{"admin":true}}', '{"\\u005f_proto__":1}']) {
      expect(() => parseJson(text)).toThrow(malformed)
    }
    expect(parseJson('{"a":"__proto__"}')).toEqual({ a: '__proto__' })
  })

  it('refuses a number that would become infinite', () => {
    for (const text of ['1e999', '[-1E+309]', `{"a":${'9'.repeat(400)}}`]) {
      expect(() => parseJson(text)).toThrow(malformed)
    }
    const finite = '["1e999",1e308,-1.5e-400,0]'
    expect(parseJson(finite)).toEqual(['1e999', 1e308, -0, 0])
  })

  it('takes no longer than a text is long, whatever stands in it', () => {
    const long = 'a'.repeat(300_000)
    for (const text of [
      `{"${long}"${':'.repeat(300_000)}`,
      '"\\'.repeat(300_000),
      '{"a":'.repeat(60),
    ]) {
      expect(() => parseJson(text)).toThrow(malformed)
    }
  })

  it.each(['', '{', '{"a"', '"', '"\\', '{"a":1,}', ':', '"a":1', '[1]]', '{"\\x":1}', 'NaN'])(
    'refuses %j',
    (text) => {
      expect(() => parseJson(text, { file: 'a.json' })).toThrow(
        expect.objectContaining({ code: 'MALFORMED_JSON', location: { file: 'a.json' } }),
      )
    },
  )

  it('takes any text as JSON or as malformed, as JSON.parse does', () => {
    const scraps = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '1', ' ', 'a', 'null')
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        try {
          parseJson(text)
          expect(isJson).toBe(true)
        } catch (error) {
          if (!AssayError.isInstance(error)) throw error
          // What is JSON may still have a key twice.
          expect(isJson && !error.message.includes('twice')).toBe(false)
        }
      }),
      { seed: 1, numRuns: 5000 },
    )
  })
})
