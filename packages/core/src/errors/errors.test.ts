import { describe, expect, it } from 'vitest'
import { AssayError } from './assay-error.js'
import { errorKinds } from './error-codes.js'
import { itemFailure } from './item-failure.js'

const options = {
  code: 'IMAGE_TOO_LARGE',
  message: 'Picture a.png has 100 megapixels.',
  value: 1e8,
  remedy: 'Make it smaller.',
  location: { file: 'a.png' },
} as const

describe('AssayError', () => {
  it('carries code, kind, value, remedy and location', () => {
    const cause = new Error('underneath')
    const error = new AssayError({ ...options, cause })
    expect(error).toMatchObject({ ...options, kind: 'image', name: 'AssayError' })
    expect(error.cause).toBe(cause)
    expect(error).toBeInstanceOf(Error)
  })

  it('has no cause and an empty location unless they are given', () => {
    const error = new AssayError({ code: 'INTERNAL', message: 'm', remedy: 'r' })
    expect('cause' in error).toBe(false)
    expect(error.location).toEqual({})
  })

  it('is known by its marker, also from another copy of the package', () => {
    const foreign = Object.assign(new Error('m'), { [Symbol.for('assay.error')]: true })
    expect(AssayError.isInstance(new AssayError(options))).toBe(true)
    expect(AssayError.isInstance(foreign)).toBe(true)
    for (const other of [new Error('m'), null, undefined, 'IMAGE_TOO_LARGE', {}]) {
      expect(AssayError.isInstance(other)).toBe(false)
    }
  })

  it('goes into a document without its stack and its value', () => {
    const { code, message, remedy, location } = options
    expect(JSON.parse(JSON.stringify(new AssayError(options)))).toEqual({
      code,
      message,
      remedy,
      location,
    })
  })
})

describe('errorKinds', () => {
  it('spells codes and kinds alike', () => {
    for (const [code, kind] of Object.entries(errorKinds)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
      expect(kind).toMatch(/^[a-z]+$/)
    }
  })
})

describe('itemFailure', () => {
  it('keeps what a reader needs', () => {
    const { code, message, location } = options
    expect(itemFailure('a', 'decode', new AssayError(options))).toEqual({
      id: 'a',
      stage: 'decode',
      code,
      message,
      location,
    })
  })

  it('throws on what is not a failure of the item', () => {
    const abort = new AssayError({ code: 'ABORTED', message: 'm', remedy: 'r' })
    const fault = new TypeError('ours')
    expect(() => itemFailure('a', 'decode', abort)).toThrow(abort)
    expect(() => itemFailure('a', 'decode', fault)).toThrow(fault)
  })
})
