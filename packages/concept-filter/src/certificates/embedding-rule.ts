/** Flags where the cosine of an embedding with a vector is above a threshold. */
export interface CosineRule {
  readonly kind: 'cosine'
  readonly id: string
  /** Any length above 0. */
  readonly vector: ArrayLike<number>
  /** A cosine; at 1 and above nothing is flagged, below -1 everything. */
  readonly threshold: number
}

/** Flags where the score of a linear head, weights · x + bias, is above a threshold. */
export interface LinearRule {
  readonly kind: 'linear'
  readonly id: string
  readonly weights: ArrayLike<number>
  readonly bias: number
  /** A score before any sigmoid: a probability of one half is 0. */
  readonly threshold: number
}

/** Flags where any, or all, of its rules do. */
export interface CombinedRule {
  readonly kind: 'any' | 'all'
  /** One or more. */
  readonly rules: readonly EmbeddingRule[]
}

/**
 * How a filter that is no concept filter decides on an embedding. Rules nest, so that a checker whose
 * thresholds depend on one another can be written down: any of (a, all of (b, c)).
 */
export type EmbeddingRule = CosineRule | LinearRule | CombinedRule
