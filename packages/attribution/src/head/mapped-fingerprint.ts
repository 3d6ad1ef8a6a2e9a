import { AssayError, assertComparable, type Matrix } from '@assay/core'
import type { AttributionHead, HeadSide } from './attribution-head.js'

/** What fingerprints of heads, and so of mapped features, begin with. */
export const headPrefix = 'attribution-head:'

/**
 * The fingerprint of features that a side of a head has mapped. The two sides have different ones, so
 * that features mapped by the wrong side are told apart; those of a shared head have the same.
 */
export function mappedFingerprint(head: AttributionHead, side: HeadSide): string {
  return `${head.fingerprint}/${head.shared ? 'shared' : side}`
}

/** What to check mapped features against. */
export interface AssertMappedByOptions {
  readonly head: AttributionHead
  /** The side that must have mapped them: `real` for exemplars, pool and their index. */
  readonly side: HeadSide
  /** The features, or an index of them. */
  readonly features: Pick<Matrix, 'columns' | 'fingerprint'>
}

/**
 * Throws unless features, or the vectors of an index, were mapped by this side of this head. Raw
 * features, the other side's and another head's give plausible scores that mean nothing.
 *
 * @throws AssayError `FINGERPRINT_MISMATCH`, `SHAPE_MISMATCH`
 */
export function assertMappedBy({ head, side, features }: AssertMappedByOptions): void {
  const fingerprint = mappedFingerprint(head, side)
  const { columns } = features
  assertComparable({ columns: head[side].outputColumns, fingerprint }, { columns, fingerprint })
  if (features.fingerprint === fingerprint) return
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `The features are those of ${features.fingerprint ?? 'an unknown space'}, not mapped by the ${side} side of ${head.fingerprint}.`,
    value: features.fingerprint,
    remedy: `Map them with applyHead, side '${side}', and the same head as the other features.`,
  })
}
