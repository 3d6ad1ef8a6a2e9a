import { AssayError, assertComparable, type Matrix } from '@assay/core'
import { innerProducts } from '@assay/core/linear-algebra'
import { unitRows } from '../kernels/unit-rows.js'

/** From which cosine on two rows count as near-duplicates. */
export interface NearDuplicateOptions {
  /** Cosine in [-1, 1], calibrated for the encoder. A pair at exactly this cosine counts. */
  readonly threshold: number
}

/** Two rows that are near-duplicates. */
export interface NearDuplicate {
  readonly row: number
  /** Row of the same set, with `other > row`, or of the reference set. */
  readonly other: number
  /** In [-1, 1]. */
  readonly cosine: number
}

/** Equal rows have a cosine of 1 only up to rounding. */
const rounding = 1e-12

/**
 * The pairs of a set that are near-duplicates, in order of their rows.
 *
 * @throws AssayError `INVALID_ARGUMENT` (threshold), `ZERO_VECTOR`, `NOT_FINITE`
 */
export function nearDuplicatePairs(
  embeddings: Matrix,
  options: NearDuplicateOptions,
): readonly NearDuplicate[] {
  const threshold = checkedThreshold(options)
  const rows = unitRows(embeddings)
  const cosines = new Float64Array(rows.rows)
  const pairs: NearDuplicate[] = []
  for (let row = 0; row < rows.rows; row++) {
    innerProducts({ from: rows, row, to: rows, start: row + 1 }, cosines)
    collect(pairs, { row, start: row + 1, cosines, threshold })
  }
  return pairs
}

/**
 * The pairs of an output and a reference row that are near-duplicates, in order of their rows.
 *
 * @throws AssayError `INVALID_ARGUMENT` (threshold), `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`,
 *   `ZERO_VECTOR`, `NOT_FINITE`
 */
export function nearDuplicatesOf(
  outputs: Matrix,
  reference: Matrix,
  options: NearDuplicateOptions,
): readonly NearDuplicate[] {
  const threshold = checkedThreshold(options)
  assertComparable(outputs, reference)
  const from = unitRows(outputs)
  const to = unitRows(reference)
  const cosines = new Float64Array(to.rows)
  const pairs: NearDuplicate[] = []
  for (let row = 0; row < from.rows; row++) {
    innerProducts({ from, row, to }, cosines)
    collect(pairs, { row, start: 0, cosines, threshold })
  }
  return pairs
}

interface Found {
  readonly row: number
  readonly start: number
  readonly cosines: Float64Array
  readonly threshold: number
}

function collect(pairs: NearDuplicate[], { row, start, cosines, threshold }: Found): void {
  for (let other = start; other < cosines.length; other++) {
    const cosine = cosines[other]!
    if (cosine >= threshold - rounding) {
      pairs.push({ row, other, cosine: Math.min(1, Math.max(-1, cosine)) })
    }
  }
}

function checkedThreshold({ threshold }: NearDuplicateOptions): number {
  if (threshold >= -1 && threshold <= 1) return threshold
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The threshold must be a cosine in [-1, 1], got ${threshold}.`,
    value: threshold,
    remedy: "Take the near-duplicate cosine of the encoder's model card.",
  })
}
