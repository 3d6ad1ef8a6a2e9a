/** Why a figure of a decision is null. */
export type NullReason =
  /** The threshold is out of reach: no noise on the embedding changes the decision. */
  | 'CONSTANT_DECISION'
  /** The bound holds for the softmax form only. */
  | 'OTHER_SCORE_FORM'
  /** The filter was made without a relevance floor, so cosines with each side were not worked out. */
  | 'NO_RELEVANCE_FLOOR'

/** How far a decision is from changing, as the length of noise on the raw image embedding. */
export interface DecisionRadius {
  /** The paper's bound. */
  readonly paper: number | null
  /** The same with one estimate less. */
  readonly lipschitz: number | null
  /** The exact distance. */
  readonly exact: number | null
}

/** What one pair says of one picture. */
export interface PairDecision {
  readonly pairId: string
  readonly flagged: boolean
  /** Δ = cos(x, c_u) - cos(x, c_a), in [-2, 2]. */
  readonly margin: number
  /** z = logit scale x margin. */
  readonly logit: number
  /** Confidence in [0, 1] that the unacceptable concept is shown; not a calibrated probability. */
  readonly confidence: number
  /** Flagged above this margin. */
  readonly threshold: number
  /** 1 for the pair whose margin is farthest above its threshold. */
  readonly rank: number
  /** Angle to w in radians, and to the boundary: the scale-free radius. Null for a constant decision. */
  readonly angle: number
  readonly angularRadius: number | null
  /** In the unit of the embedding, after `drift` was taken off; 0 where the drift is longer. */
  readonly radius: DecisionRadius
  /** max(cos(x, c_u), cos(x, c_a)), and whether it reaches the relevance floor. */
  readonly relevance: number | null
  readonly relevant: boolean | null
  /** Why figures above are null. */
  readonly reasons: readonly NullReason[]
}

/** What a filter says of one picture: never a bare yes or no. */
export interface ConceptDecision {
  readonly id: string
  /** Whether any pair flags it. */
  readonly flagged: boolean
  /** The pair of rank 1. */
  readonly strongest: string
  /** In the order of the filter. */
  readonly pairs: readonly PairDecision[]
  /** Length of the embedding, the unit of radii: 1 for unit rows, which make them relative. */
  readonly norm: number
  /** Numeric drift of the encoder build that was taken off every radius, in the unit of the embedding. */
  readonly drift: number
}
