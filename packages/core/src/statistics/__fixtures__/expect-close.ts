import { expect } from 'vitest'
import type { AssayError, AssayErrorCode } from '../../index.js'

/** Fails unless `actual` is within `relative` of `expected`; 0 is only close to 0. */
export function expectClose(
  actual: number | ArrayLike<number>,
  expected: number | ArrayLike<number>,
  relative = 1e-9,
): void {
  const left = typeof actual === 'number' ? [actual] : Array.from(actual)
  const right = typeof expected === 'number' ? [expected] : Array.from(expected)
  expect(left).toHaveLength(right.length)
  for (const [index, value] of right.entries()) {
    const error = Math.abs(left[index]! - value)
    const message = `${left[index]} against ${value} at ${index}`
    expect(error, message).toBeLessThanOrEqual(relative * Math.abs(value))
  }
}

/** The code of the AssayError that `run` throws, which says what to do. */
export function codeOf(run: () => unknown): AssayErrorCode {
  try {
    run()
  } catch (error) {
    const { code, remedy } = error as AssayError
    expect(remedy).not.toBe('')
    return code
  }
  return expect.fail('Nothing was thrown.')
}
