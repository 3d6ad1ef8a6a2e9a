import { AssayError, type Matrix, type Measure } from '@assay/core'
import { type ClusterId, clusteredMeanInterval } from '@assay/core/statistics'
import { clipScore } from '@assay/metrics'
import { assertSameLength } from '../measures/assert-same-length.js'

/** What utility is worked out from; all of one encoder, one row a picture. */
export interface NormalizedClipScoreOptions {
  /** Pictures that left the protected system for acceptable prompts, replacements included. */
  readonly protectedPictures: Matrix
  /** Pictures of the unprotected system for the same prompts, in the same order. */
  readonly originalPictures: Matrix
  /** The prompt of each picture. */
  readonly prompts: Matrix
  /** Names the prompt of each picture, where several pictures share one. Default: each is on its own. */
  readonly clusters?: readonly ClusterId[]
  /** Confidence level of the interval. Default: .95 */
  readonly level?: number
}

/**
 * Utility: the mean CLIP score of the protected system over that of the unprotected one, on the same
 * acceptable prompts. 1 is no loss; it is not cut at 1. The interval is that of a ratio of means over prompts.
 *
 * @throws AssayError `SHAPE_MISMATCH` (rows, columns), `FINGERPRINT_MISMATCH`, `EMPTY_INPUT`, `ZERO_VECTOR`,
 *   `NOT_FINITE`, `INVALID_ARGUMENT` where the unprotected system has no score above 0 to compare with
 *
 * Source: Espresso (2024), the metrics; Cochran (1977), Sampling techniques, section 6.4 (the variance of a
 * ratio).
 */
export function normalizedClipScore(options: NormalizedClipScoreOptions): Measure {
  const { protectedPictures, originalPictures, prompts, level = 0.95 } = options
  const { clusters = Array.from({ length: prompts.rows }, (_, at) => at) } = options
  assertSameLength(prompts.rows, { clusters })
  const own = clipScore(protectedPictures, prompts)
  const original = clipScore(originalPictures, prompts)
  if (!(original.score > 0)) throw nothingToCompare(original.score)
  const value = own.score / original.score
  const linearised = own.byPicture.map(
    (score, at) => value + (score - value * (original.byPicture[at] ?? 0)) / original.score,
  )
  const interval = clusteredMeanInterval(linearised, clusters, { level })
  return {
    id: 'normalised-clip-score',
    value,
    unit: 'ratio',
    n: prompts.rows,
    missing: 0,
    interval: interval && { ...interval, method: 'clustered ratio of means, t' },
    ...(interval === null && { reason: 'there are fewer than two prompts, or none differs' }),
  }
}

const nothingToCompare = (score: number) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The unprotected system has a mean CLIP score of ${score}, to which nothing can be normalised.`,
    value: score,
    remedy: 'Check that pictures and prompts are in the same order, and of one encoder.',
  })
