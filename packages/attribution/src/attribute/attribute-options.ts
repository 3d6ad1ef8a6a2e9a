import type { Matrix, Progress, VectorIndex } from '@assay/core'
import type { Calibration } from '../calibration/calibration.js'
import type { FeatureSource } from '../features/feature-source.js'
import type { AttributionHead } from '../head/attribution-head.js'

/** How outputs are attributed. */
export interface AttributeOptions {
  /** Features of the outputs, as the head was trained on; without a head, in the space of the pool. */
  readonly queries: Matrix
  /**
   * Features of the training pictures, which are then read through and compared on the calling thread; or
   * an index by inner product or cosine of their unit vectors, mapped by the real side of the head,
   * which is much faster where it computes on an engine.
   */
  readonly pool: FeatureSource | VectorIndex
  /** Index of the mirrored pictures, row by row those of `pool`, where that is an index. Default: none. */
  readonly mirrored?: VectorIndex | undefined
  /** Default: null, features are only brought to unit length. */
  readonly head?: AttributionHead | null
  /** Default: null, matches have scores but no influence. */
  readonly calibration?: Calibration | null
  /** Matches of each output, from 1. Default 10. */
  readonly k?: number
  /** A label for each row of the pool, for instance `source.groups.get('artist')`. Default: none. */
  readonly labels?: readonly (string | null)[] | undefined
  /**
   * The recall that an approximate index must have been measured to reach, by the lower bound of its
   * interval. Default: none; its recall is only reported.
   */
  readonly minimumRecall?: number | undefined
  readonly progress?: Progress | undefined
  readonly signal?: AbortSignal | undefined
}
