import { describe, expect, it } from 'vitest'
import { AssayError } from '../errors/assay-error.js'
import { type OptionsSchema, parseOptions } from './parse-options.js'

interface SchemaIssue {
  readonly code?: string
  readonly keys?: readonly string[]
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly input?: unknown
}

const refusing = (...issues: readonly SchemaIssue[]): OptionsSchema<never> => ({
  shape: { outputs: {}, seed: {} },
  safeParse: () => ({ success: false, error: { issues } }),
})

function errorOf(schema: OptionsSchema<unknown>): AssayError {
  try {
    parseOptions(schema, {}, 'configuration')
  } catch (error) {
    if (AssayError.isInstance(error)) return error
  }
  throw new Error('no AssayError was thrown')
}

describe('parseOptions', () => {
  it('gives what the schema made of the value', () => {
    const schema: OptionsSchema<{ readonly seed: number }> = {
      shape: { seed: {} },
      safeParse: () => ({ success: true, data: { seed: 1 } }),
    }
    expect(parseOptions(schema, {}, 'configuration')).toEqual({ seed: 1 })
  })

  it.each([
    ['the nearest known key', ['sead'], 'Did you mean "seed"?', 'sead'],
    ['all keys where none is near', ['zzzzzzzzz'], 'Known keys: outputs, seed.', 'zzzzzzzzz'],
    ['all keys where the schema names none', undefined, 'Known keys: outputs, seed.', ''],
  ])('names %s', (_, keys, remedy, value) => {
    const issue = { code: 'unrecognized_keys', path: [], message: 'unknown', ...(keys && { keys }) }
    expect(errorOf(refusing(issue))).toMatchObject({ code: 'CONFIG_UNKNOWN_KEY', remedy, value })
  })

  it('says where a wrong value stands', () => {
    const issue = { path: ['audits', 0, 'k'], message: 'Too small', input: 0 }
    const error = errorOf(refusing(issue))
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', value: 0 })
    expect(error.message).toBe('The configuration is wrong at "audits.0.k": Too small.')
  })

  it('refuses a value as a whole', () => {
    const error = errorOf(refusing({ path: [], message: 'No object' }))
    expect(error.message).toBe('The configuration is wrong: No object.')
    expect(errorOf(refusing()).code).toBe('CONFIG_INVALID')
  })
})
