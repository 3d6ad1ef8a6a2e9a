import { AssayError, assertComparable, type Matrix } from '@assay/core'
import type { AttributionHead } from './attribution-head.js'
import { headPrefix } from './mapped-fingerprint.js'

/**
 * Throws unless features are of the kind that a head was trained on.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH` (another space, or features that a head
 *   has mapped already), `NORMALIZATION_MISMATCH`
 */
export function assertMappable(
  { expects }: AttributionHead,
  features: Pick<Matrix, 'columns' | 'fingerprint' | 'normalized'>,
): void {
  assertComparable(expects, features)
  const isMapped = features.fingerprint?.startsWith(headPrefix) ?? false
  if (isMapped && features.fingerprint !== expects.fingerprint) {
    throw new AssayError({
      code: 'FINGERPRINT_MISMATCH',
      message: 'These features were mapped by a head already.',
      value: features.fingerprint,
      remedy: 'Give the features as the encoder made them.',
    })
  }
  if (features.normalized === expects.normalized) return
  const kind = (normalized: boolean) => (normalized ? 'normalised' : 'raw')
  throw new AssayError({
    code: 'NORMALIZATION_MISMATCH',
    message: `The head was trained on ${kind(expects.normalized)} features, and these are ${kind(features.normalized)}: its scores would mean nothing.`,
    value: features.normalized,
    remedy: expects.normalized
      ? 'Normalise the features first (normalizeRows).'
      : 'Embed without normalisation, or train a head on normalised features.',
  })
}
