import { AssayError, assertComparable, type Matrix } from '@assay/core'
import type { DistilledRanker } from './distilled-ranker.js'

/**
 * Throws unless features are of the kind that a ranker was taught on.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH`
 */
export function assertEmbeddable({ expects }: DistilledRanker, features: Matrix): void {
  assertComparable(expects, features)
  if (features.normalized === expects.normalized) return
  const kind = (normalized: boolean) => (normalized ? 'normalised' : 'raw')
  throw new AssayError({
    code: 'NORMALIZATION_MISMATCH',
    message: `The ranker was taught on ${kind(expects.normalized)} features, and these are ${kind(features.normalized)}.`,
    value: features.normalized,
    remedy: 'Give it features of the kind it was taught on.',
  })
}
