import { AssayError } from '../errors/assay-error.js'
import { dot } from './dot.js'

/**
 * Cosine of the angle between two vectors, in [-1, 1], summed in float64.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `ZERO_VECTOR` (a vector without a direction), `NOT_FINITE` (a
 *   NaN, an infinity, or float64 values whose squares overflow)
 */
export function cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const product = dot(a, b)
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))
  if (lengths === 0) {
    throw new AssayError({
      code: 'ZERO_VECTOR',
      message: 'A vector of zeros has no direction, hence no cosine.',
      value: 0,
      remedy: 'Leave this item out and count it as missing.',
    })
  }
  const cosine = product / lengths
  if (!Number.isFinite(cosine) || !Number.isFinite(lengths)) {
    throw new AssayError({
      code: 'NOT_FINITE',
      message: 'The cosine of these vectors is not a finite number.',
      value: cosine,
      remedy: 'Leave out vectors with a NaN or an infinity and count them as missing.',
    })
  }
  return Math.min(1, Math.max(-1, cosine))
}
