import type { Matrix } from '@assay/core'
import { assertUsable } from '../kernels/assert-usable.js'
import {
  type NearDuplicateOptions,
  nearDuplicatePairs,
  nearDuplicatesOf,
} from './near-duplicates.js'

/**
 * Share of rows that have a near-duplicate among the other rows of their set, in [0, 1].
 *
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT` (threshold), `ZERO_VECTOR`, `NOT_FINITE`
 */
export function nearDuplicateShare(embeddings: Matrix, options: NearDuplicateOptions): number {
  assertUsable(embeddings, { name: 'embeddings' })
  const pairs = nearDuplicatePairs(embeddings, options)
  return new Set(pairs.flatMap(({ row, other }) => [row, other])).size / embeddings.rows
}

/**
 * Share of outputs that have a near-duplicate in a reference set, in [0, 1].
 *
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT` (threshold), `SHAPE_MISMATCH`,
 *   `FINGERPRINT_MISMATCH`, `ZERO_VECTOR`, `NOT_FINITE`
 */
export function copyShare(
  outputs: Matrix,
  reference: Matrix,
  options: NearDuplicateOptions,
): number {
  assertUsable(outputs, { name: 'outputs' })
  assertUsable(reference, { name: 'the reference set' })
  const pairs = nearDuplicatesOf(outputs, reference, options)
  return new Set(pairs.map(({ row }) => row)).size / outputs.rows
}
