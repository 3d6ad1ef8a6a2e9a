/** A linear head's score of an embedding, and the score at which its decision changes. */
export interface LinearMargin {
  /** a · x + b, before any sigmoid. */
  readonly score: number
  /** Flagged above this score. */
  readonly threshold: number
  /** |a|, the length of the head's weights. */
  readonly length: number
}

/**
 * The length of the shortest noise on an embedding that carries a linear head's score over its threshold:
 * |a · x + b - threshold| / |a|. Infinite for a head without weights.
 *
 * Source: geometry, the distance to a hyperplane.
 */
export function linearRadius({ score, threshold, length }: LinearMargin): number {
  return length === 0 ? Number.POSITIVE_INFINITY : Math.abs(score - threshold) / length
}
