import { AssayError } from '../errors/assay-error.js'

/** Throws unless two vectors have as many values. */
export function assertSameLength(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length === b.length) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `A vector of ${a.length} values cannot be compared with one of ${b.length}.`,
    value: [a.length, b.length],
    remedy: 'Pass two vectors of the same length.',
  })
}
