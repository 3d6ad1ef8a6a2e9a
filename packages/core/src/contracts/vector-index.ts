import type { Matrix } from '../matrix/matrix.js'

/** How two vectors are compared. The first two grow with likeness, the last with difference. */
export type VectorMetric = 'inner-product' | 'cosine' | 'euclidean'

/** One vector that a search found. */
export interface Neighbour {
  readonly id: string
  /** Row in the indexed matrix. */
  readonly row: number
  /** Inner product, cosine in [-1, 1], or Euclidean distance, as the index's metric says. */
  readonly score: number
}

/**
 * Search over a fixed set of vectors. Results are sorted from nearest to farthest, ties by id (in the
 * order of UTF-16 code units), or by row number where the vectors have no ids.
 */
export interface VectorIndex {
  readonly specificationVersion: 1
  /** Kind of index, for instance `exact`. */
  readonly id: string
  readonly metric: VectorMetric
  /** Whether results always equal those of a brute-force search. */
  readonly exact: boolean
  readonly size: number
  readonly dimensions: number
  readonly fingerprint: string | null
  /** The `k` nearest vectors of each query row (all, where `k` exceeds the size). */
  nearest(
    queries: Matrix,
    options: { readonly k: number; readonly signal?: AbortSignal },
  ): Promise<readonly (readonly Neighbour[])[]>
  /**
   * All vectors with score >= radius (likeness) or distance <= radius of each query row: one radius for
   * all, or one a query.
   */
  within(
    queries: Matrix,
    options: { readonly radius: number | readonly number[]; readonly signal?: AbortSignal },
  ): Promise<readonly (readonly Neighbour[])[]>
  /** Frees memory and handles; a closed index throws `ENGINE_CLOSED`. */
  close(): Promise<void>
}
