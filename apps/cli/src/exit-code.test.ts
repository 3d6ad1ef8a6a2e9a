import { AssayError, type AssayErrorCode } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from './exit-code.js'

const error = (code: AssayErrorCode) => new AssayError({ code, message: '', remedy: '' })

describe('exitCodeOf', () => {
  it.each([
    ['CONFIG_UNKNOWN_KEY', 2],
    ['MODEL_HASH_MISMATCH', 2],
    ['LOCKED', 2],
    ['ENGINE_UNAVAILABLE', 2],
    ['ENGINE_FAILED', 1],
    ['INTERNAL', 1],
    ['ABORTED', 130],
  ] as const)('ends a process that met %s with %i', (code, exit) => {
    expect(exitCodeOf(error(code))).toBe(exit)
  })

  it('takes anything else for a fault of ours', () => {
    expect(exitCodeOf(new TypeError('oops'))).toBe(1)
    expect(exitCodeOf('oops')).toBe(1)
  })
})
