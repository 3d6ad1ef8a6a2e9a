import type { RowVectors } from '@assay/core/linear-algebra'
import type { FeatureSource } from '../features/feature-source.js'

/** How the gradients of a set were made. Null stands for what is not known. */
export interface ProjectionRecord {
  /** Numbers that a gradient was projected to: the columns. */
  readonly dimension: number
  /** Law of the projection's entries, for instance `rademacher` or `normal`. */
  readonly type: string | null
  readonly seed: number | string | null
  /** What was differentiated, for instance `loss`, `squared-norm` (D-TRAK) or `noise` (DAS). */
  readonly output: string | null
  /** Timesteps that were averaged over. */
  readonly timesteps: number | null
  /** Whether each timestep's gradient was made a unit vector before averaging. */
  readonly normalized: boolean | null
}

/**
 * One projected gradient a picture: in memory, in float32 or float64, or from files (a feature source,
 * which is read in parts and may be larger than the memory).
 */
export type GradientRows =
  | (RowVectors & {
      /** One distinct id a row. Default: null, the row number is the id. */
      readonly ids?: readonly string[] | null
    })
  | FeatureSource

/** Projected gradients and how they were made. */
export interface GradientSet {
  readonly rows: GradientRows
  /** Null where nothing is known of it: then the sets are believed to fit. */
  readonly projection: ProjectionRecord | null
}

/** The gradients that one trained model gives. */
export interface GradientModel {
  /** Distinct among the models of one call. */
  readonly id: string
  /** The gradients of the training pictures. */
  readonly train: GradientSet
  /** The gradients of the pictures to be attributed. */
  readonly query: GradientSet
  /**
   * Q of TRAK: the derivative of the loss by the output that was differentiated, one a training picture.
   * Default: 1, as in D-TRAK.
   */
  readonly outputToLoss?: ArrayLike<number>
  /** Residual of each training picture: how far the prediction is off. DAS needs it. */
  readonly residuals?: ArrayLike<number>
}

/** Something about the input that the reader of a result must know. */
export interface GradientWarning {
  readonly code: 'projection-unknown' | 'rank-deficient' | 'ill-conditioned' | 'zero-gradients'
  /** Id of the model it is about. */
  readonly model: string
  /** Of how many items it is true. */
  readonly count: number
  readonly message: string
}
