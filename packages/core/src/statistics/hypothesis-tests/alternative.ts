import { AssayError } from '../../errors/assay-error.js'

/**
 * What a test looks for: that the first is `greater` or `less` than the second (or than the fixed
 * probability), or different either way (`two-sided`).
 */
export type Alternative = 'greater' | 'less' | 'two-sided'

const alternatives: readonly string[] = ['greater', 'less', 'two-sided']

/** For callers without types. */
export function checkAlternative(alternative: Alternative): void {
  if (alternatives.includes(alternative)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `There is no alternative called ${alternative}.`,
    value: alternative,
    remedy: `Pass one of ${alternatives.join(', ')}.`,
  })
}
