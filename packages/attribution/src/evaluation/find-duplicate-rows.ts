import { AssayError, assertComparable } from '@assay/core'
import type { FeatureSource } from '../features/feature-source.js'
import { scoreRows } from '../scores/score-rows.js'
import { featureMapping, gatherRows, unitRowsOf } from '../scores/unit-rows.js'
import type { DuplicateRows } from './pool-duplicates.js'

/** Where duplicates are looked for. */
export interface FindDuplicateRowsOptions {
  readonly pool: FeatureSource
  readonly exemplars: FeatureSource
  /** Cosine from which on two pictures show the same; in (-1, 1], and its meaning is the encoder's. */
  readonly threshold: number
  readonly signal?: AbortSignal
}

/**
 * The pictures of a pool that show what an exemplar shows, by the cosine of their features. A copy of an
 * exemplar in the pool makes it look as if the exemplar was not found. Use one space (of a copy
 * detector, if there is one) for all methods that are compared, since the rows stay the same.
 *
 * @returns the exemplars that have duplicates, in the order of their rows
 * @throws AssayError `INVALID_ARGUMENT` (threshold), `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, and what
 *   reading the features throws
 */
export async function findDuplicateRows(
  options: FindDuplicateRowsOptions,
): Promise<DuplicateRows[]> {
  const { pool, exemplars, threshold, signal } = options
  if (!(threshold > -1 && threshold <= 1)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `${threshold} is no cosine from which on pictures are duplicates.`,
      value: threshold,
      remedy: 'Pass a number above -1 and at most 1, for instance that of the encoder’s card.',
    })
  }
  assertComparable(pool, exemplars)
  const map = featureMapping(null, 'real')
  const own = await gatherRows({ source: exemplars, map, signal })
  const found = Array.from({ length: exemplars.rows }, (): number[] => [])
  for await (const block of pool.blocks(signal ? { signal } : {})) {
    const others = unitRowsOf(block, map)
    found.forEach((rows, row) => {
      scoreRows({ matrix: own.first, row }, others).forEach((score, other) => {
        if (score >= threshold) rows.push(block.firstRow + other)
      })
    })
  }
  return found.flatMap((rows, exemplar) => (rows.length > 0 ? [{ exemplar, pool: rows }] : []))
}
