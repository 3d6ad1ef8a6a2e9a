import { describe, expect, it } from 'vitest'
import { AssayError } from '../errors/assay-error.js'
import { expectCode, expectSame, expectThat } from './expectations.js'
import { runConformance } from './run-conformance.js'

const failed = (more: object = {}) =>
  expect.objectContaining({ code: 'CONFORMANCE_FAILED', ...more })

describe('runConformance', () => {
  it('runs every check and tells of all that fail', async () => {
    const ran: string[] = []
    const checks = ['one', 'two', 'three', 'four'].map((name) => ({
      name,
      async run() {
        ran.push(name)
        if (name === 'two')
          throw new AssayError({ code: 'INTERNAL', message: 'Deux.', remedy: 'r' })
        if (name === 'four') throw 'quatre'
      },
    }))
    await expect(runConformance('The thing', checks)).rejects.toThrow(
      failed({
        value: ['two', 'four'],
        message: 'The thing fails 2 of 4 checks:\n- two: Deux.\n- four: quatre',
      }),
    )
    expect(ran).toEqual(['one', 'two', 'three', 'four'])
  })

  it('is silent where all is well', async () => {
    await runConformance('The thing', [{ name: 'one', run: () => {} }])
  })
})

describe('expectations', () => {
  it('hold conditions and values', () => {
    expect(() => expectThat(true, 'm')).not.toThrow()
    expect(() => expectThat(false, 'Not so.', 7)).toThrow(failed({ message: 'Not so.', value: 7 }))
    expect(() => expectSame([1, { a: 2 }], [1, { a: 2 }], 'It')).not.toThrow()
    expect(() => expectSame('x'.repeat(999), undefined, 'It')).toThrow(
      failed({ message: expect.stringMatching(/^It is "x{199}… where undefined belongs.$/) }),
    )
  })

  it('hold errors to their code', async () => {
    const error = new AssayError({ code: 'NOT_FINITE', message: 'm', remedy: 'r' })
    const throwing = (thrown: unknown) => () => Promise.reject(thrown)
    await expectCode(throwing(error), ['EMPTY_INPUT', 'NOT_FINITE'], 'It')
    await expect(expectCode(throwing(error), ['EMPTY_INPUT'], 'It')).rejects.toThrow(
      failed({ message: 'It must fail with EMPTY_INPUT and fails with: NOT_FINITE, m' }),
    )
    await expect(expectCode(throwing(new Error('m')), ['EMPTY_INPUT'], 'It')).rejects.toThrow(
      failed(),
    )
    await expect(expectCode(() => 7, ['EMPTY_INPUT'], 'It')).rejects.toThrow(failed({ value: 7 }))
  })
})
