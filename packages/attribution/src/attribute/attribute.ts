import { featureMapping } from '../scores/unit-rows.js'
import { assertAttributable, assertOneSpace } from './assert-attributable.js'
import type { AttributeOptions } from './attribute-options.js'
import type { Attribution, AttributionReport } from './attribution.js'
import { attributionWarnings } from './attribution-warnings.js'
import { describeAttribution, failedAttribution } from './describe-attribution.js'
import { findCandidates } from './find-candidates.js'
import { recallOf } from './index-recall.js'
import { judgeQueries } from './judge-queries.js'
import { isIndex, sizeOf } from './pool.js'

/**
 * What each output was made from: the training pictures nearest to it after both were mapped by their
 * side of the head, and with a calibration the share of the output that each accounts for. The sum of
 * all influence is exact, also over an index, unless that is approximate.
 *
 * An output without finite features or direction is a failure in its place. A picture of the pool
 * without direction scores 0 and is counted; an index does not tell of such pictures.
 *
 * @throws AssayError `EMPTY_INPUT` (no picture in the pool), `NOT_FINITE` with the row of the pool,
 *   `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH` (features, index, head and
 *   calibration that do not belong together), `INVALID_ARGUMENT` (k, b <= -1, a metric other than
 *   cosines, too low a recall), `ABORTED`, and what reading the pool or searching the index throws
 *
 * Source: Wang et al. (2023), Evaluating data attribution for text-to-image models.
 */
export async function attribute(options: AttributeOptions): Promise<AttributionReport> {
  const { queries, pool, head = null, calibration = null, k = 10 } = options
  assertAttributable(options)
  const poolSize = sizeOf(pool)
  const { mapped, outcomes } = judgeQueries(queries, featureMapping(head, 'synthetic'))
  assertOneSpace(mapped, options)
  const { candidates, zeroRows } = await findCandidates(mapped, options)
  const settled = { k: Math.min(k, poolSize), calibration, labels: options.labels ?? null }
  const attributions = outcomes.map((outcome, row): Attribution => {
    const query = queries.ids?.[row] ?? String(row)
    if (typeof outcome !== 'number') return failedAttribution(query, outcome)
    return describeAttribution(query, candidates[outcome]!, settled)
  })
  const recall = recallOf(pool)
  return {
    attributions,
    poolSize,
    fingerprint: mapped.fingerprint,
    recall,
    warnings: attributionWarnings({
      failed: attributions.filter(({ failure }) => failure).length,
      missingMatches: Math.max(0, k - poolSize),
      zeroRows,
      approximate: isIndex(pool) && !pool.exact ? { recall } : null,
      poolSize,
      calibration,
    }),
  }
}
