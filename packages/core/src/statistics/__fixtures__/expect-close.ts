import { expect } from 'vitest'
import { AssayError, type AssayErrorCode } from '../../index.js'

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

/** The code of the AssayError that `run` throws. */
export function codeOf(run: () => unknown): AssayErrorCode | 'none' {
  try {
    run()
  } catch (error) {
    if (!AssayError.isInstance(error)) throw error
    expect(error.remedy).not.toBe('')
    return error.code
  }
  return 'none'
}
