import type { Matrix } from '@assay/core'
import { featureMapping } from '../scores/unit-rows.js'
import type { AttributeOptions } from './attribute-options.js'
import { isIndex, sizeOf } from './pool.js'
import { searchCandidates } from './search-candidates.js'
import { type StreamedCandidates, streamCandidates } from './stream-candidates.js'

/** The candidates of each mapped query, from an index or by reading the features of the pool. */
export async function findCandidates(
  queries: Matrix,
  options: AttributeOptions,
): Promise<StreamedCandidates> {
  const { pool, mirrored, head = null, progress, signal } = options
  const form = options.calibration ?? null
  const k = Math.min(options.k ?? 10, sizeOf(pool))
  if (!isIndex(pool)) {
    const mapPool = featureMapping(head, 'real')
    return streamCandidates({ queries, pool, mapPool, k, form, progress, signal })
  }
  // That queries and vectors were mapped by the two sides of one head was asserted.
  const unnamed = { ...queries, fingerprint: null }
  const views = mirrored ? ([pool, mirrored] as const) : ([pool] as const)
  const candidates = await searchCandidates({ queries: unnamed, views, k, form, signal })
  return { candidates, zeroRows: 0 }
}
