import type { ContrastiveWeights } from './losses/contrastive-loss.js'

/** Two-class cross entropy on the logit that the filter decides by: the one to use. */
export interface DecisionObjective {
  readonly kind: 'decision'
  /** α_tt, worth of the squared distance between the vectors. Default: 0. */
  readonly separation?: number
  /**
   * Logit scale of the loss as a share of the pair's, above 0. At 1 it is the filter's own decision loss,
   * which listens to pictures near the boundary only and fits noise; a low one listens to all, near the
   * mean difference. Default: .1, which turned towards the truth at every noise level that was tried.
   */
  readonly sharpness?: number
}

/**
 * The paper's contrastive objective, for opposites. It needs `promptEmbeddings`, and rows of both sides that
 * belong together.
 */
export interface ContrastiveObjective {
  readonly kind: 'paper-con'
  readonly weights?: ContrastiveWeights
  /** Rows that contrast with each other, at least 1. Default: 10, the paper's batch. */
  readonly batchSize?: number
}

/** The paper's non-contrastive objective, for special cases: only the vectors are driven apart. */
export interface TextSeparationObjective {
  readonly kind: 'paper-noncon'
}

/** What the released script computes under both names; for comparison, not for use. */
export interface ReleasedSeparationObjective {
  readonly kind: 'released-text-separation'
}

/** What tuning makes smaller. */
export type TuningObjective =
  | DecisionObjective
  | ContrastiveObjective
  | TextSeparationObjective
  | ReleasedSeparationObjective

/** How a pair is tuned. */
export interface TuningSettings {
  /** Default: `decision`. */
  readonly objective?: TuningObjective
  /**
   * λ, worth of the squared distance of each vector from where it started, at least 0. Default: 1 for
   * `decision`, 0 for the others.
   */
  readonly anchor?: number
  /**
   * No vector turns further from where it started than this, in degrees, above 0; 180 for no cap.
   * Default: 25.
   */
  readonly angleCap?: number
  /** At most so many steps. Default: 100. */
  readonly steps?: number
  /**
   * What a group counts: as many pictures as it has, all groups of a side the same, or a factor by name
   * (1 where it is not named). Each side counts one half, whatever the groups. Default: `by-size`.
   */
  readonly groupWeights?: 'by-size' | 'equal' | Readonly<Record<string, number>>
}

/** Settings without gaps. */
export interface ResolvedSettings {
  readonly objective: TuningObjective
  readonly anchor: number
  readonly angleCap: number
  readonly steps: number
  readonly groupWeights: NonNullable<TuningSettings['groupWeights']>
}
