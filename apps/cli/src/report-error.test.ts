import { AssayError } from '@assay/core'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { reportError } from './report-error.js'

let write: MockInstance<typeof process.stderr.write>
beforeEach(() => {
  write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => write.mockRestore())
const written = () => write.mock.calls.map(([text]) => String(text)).join('')

describe('reportError', () => {
  it('names code, place, message and remedy of an AssayError', () => {
    const error = new AssayError({
      code: 'MALFORMED_METADATA',
      message: 'Line 3 is no object.',
      remedy: 'Mend line 3.',
      location: { file: 'metadata.jsonl', row: 3 },
    })
    expect(reportError(error)).toBe(2)
    for (const part of ['MALFORMED_METADATA', 'metadata.jsonl:3', error.message, error.remedy]) {
      expect(written()).toContain(part)
    }
  })

  it('takes an abort for an interruption, whoever threw it', () => {
    const ours = new AssayError({ code: 'ABORTED', message: 'Ended.', remedy: 'None.' })
    for (const error of [ours, AbortSignal.abort().reason as unknown]) {
      expect(reportError(error)).toBe(130)
    }
    expect(written()).toContain('goes on')
  })

  it('owns up to any other error, with its stack', () => {
    const error = new TypeError('oops')
    expect(reportError(error)).toBe(1)
    expect(written()).toContain(error.stack)
  })
})
