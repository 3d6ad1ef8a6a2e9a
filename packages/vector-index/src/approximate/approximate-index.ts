import type { Measure, VectorIndex } from '@assay/core'

/**
 * An index that may miss neighbours. What it finds has its exact score and place; how much it finds is
 * measured, and stands in `recall` and in `id`.
 */
export interface ApproximateIndex extends VectorIndex {
  readonly exact: false
  /**
   * Share of the true `k` nearest neighbours that the index found for the queries that it was measured
   * with; its value is null where it was not measured.
   */
  readonly recall: Measure
}
