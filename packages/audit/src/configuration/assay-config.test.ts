import { AssayError } from '@assay/core'
import { parseOptions } from '@assay/core/formats'
import { describe, expect, it } from 'vitest'
import { assayConfigSchema } from './assay-config.js'

const parse = (value: unknown) => parseOptions(assayConfigSchema, value, 'configuration')

function errorOf(action: () => unknown): AssayError {
  try {
    action()
  } catch (error) {
    if (AssayError.isInstance(error)) return error
  }
  throw new Error('no AssayError was thrown')
}

describe('assayConfigSchema', () => {
  it('fills in defaults', () => {
    expect(parse({ outputs: 'here' })).toMatchObject({
      encoder: 'assay/tiny-clip',
      outputs: 'here',
      seed: 1,
      tolerance: 0.05,
    })
  })

  it('suggests the key that was probably meant', () => {
    const error = errorOf(() => parse({ outputs: 'here', protectd: 'there' }))
    expect(error.code).toBe('CONFIG_UNKNOWN_KEY')
    expect(error.value).toBe('protectd')
    expect(error.remedy).toBe('Did you mean "protected"?')
  })

  it('names the known keys where nothing is near', () => {
    expect(errorOf(() => parse({ outputs: 'here', zzzzzzzzzz: 1 })).remedy).toContain('reference')
  })

  it.each([
    ['no object', null],
    ['a missing folder', {}],
    ['a seed that is no whole number', { outputs: 'here', seed: 1.5 }],
    ['a tolerance above 1', { outputs: 'here', tolerance: 2 }],
  ])('refuses %s', (_, value) => {
    expect(errorOf(() => parse(value)).code).toBe('CONFIG_INVALID')
  })
})
