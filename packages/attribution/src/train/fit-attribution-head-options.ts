import type { Engine, Matrix, Progress } from '@assay/core'
import type { LearningRate } from '@assay/tensor/train'
import type { TunedModel } from '../evaluation/tuned-model.js'
import type { AttributionHead, HeadProvenance } from '../head/attribution-head.js'
import type { FeatureMap } from '../head/feature-map.js'
import type { Regulariser } from './attribution-loss.js'
import type { MlpSizes } from './initial-weights.js'
import type { PairOrder } from './pair-batches.js'
import type { ModelFeatures } from './training-models.js'

/** Held-out models and pictures that choose the head among those of training. */
export interface HeadValidation {
  /**
   * Models by the name of what is held out, for instance `prompts` (models of the training set with
   * pictures of other prompts) and `exemplars` (other models). Their rows are of the same matrices.
   */
  readonly sets: Readonly<Record<string, readonly TunedModel[]>>
  /** Further real pictures among which exemplars must be found; memory holds them. Default: none. */
  readonly pool?: Matrix
  /** Steps from one evaluation to the next. Default: those of an epoch, but at most 100 */
  readonly every?: number
  /** Evaluations without a better head after which training stops. Default: 5 */
  readonly patience?: number
}

/**
 * How a head is trained. The paper does not tell the temperature, the regulariser's form and weight, the
 * optimizer and its rate, the batch size or the epochs: the defaults are recollections and figures that
 * this package's specification was checked with.
 */
export interface FitAttributionHeadOptions extends ModelFeatures {
  /** What computes; stays open. */
  readonly engine: Engine
  /** Customised models with their exemplars and the pictures they drew; `split` and `cluster` do not count. */
  readonly models: readonly TunedModel[]
  /** Form of both maps. Default: linear */
  readonly form?: FeatureMap['form']
  /** One map for both sides. Default: false */
  readonly shared?: boolean
  /** Sizes of an MLP. Default: 2 layers, 512 hidden and 256 output columns. */
  readonly mlp?: Partial<MlpSizes>
  /** What cosines are divided by, above 0. Default: 0.07 */
  readonly temperature?: number
  /** What holds the maps near a rotation. Default: orthogonal, for an MLP none (it has no such form). */
  readonly regulariser?: Regulariser
  /** Factor of the regulariser, the mean of both sides'. Default: 0.05 */
  readonly regulariserWeight?: number
  /** Whether exemplars must also find their pictures, or only the other way. Default: both */
  readonly direction?: 'both' | 'synthetic-to-real'
  /**
   * Whether a picture's exemplar must be told from those of its batch, or from `pool` too. Default:
   * in-batch+pool where there is a pool, in-batch where there is none
   */
  readonly negatives?: 'in-batch' | 'in-batch+pool'
  /** Real pictures of no model, as negatives. Default: none */
  readonly pool?: Matrix
  /** Rows of the pool that come with each batch. Default: 1,024, or all where there are fewer. */
  readonly poolRows?: number
  /** Pairs a batch, at most: each is of another model. Default: 512 */
  readonly batchSize?: number
  /** One epoch sees as many pairs as there are pictures that models drew. Default: 10 */
  readonly epochs?: number
  /** Training steps, instead of epochs. */
  readonly steps?: number
  /** Of Adam: a number above 0, or one a step. Default: 0.001 */
  readonly learningRate?: LearningRate
  /** Order of models and pictures. Default: shuffled */
  readonly order?: PairOrder
  /** What training computes in, and the head keeps. Default: float32 */
  readonly precision?: 'float32' | 'float64'
  /** Seed of all draws: order, exemplars, negatives, an MLP's first weights. Default: 0 */
  readonly seed?: number | string
  /** Default: none; the head is then that of the last step. */
  readonly validation?: HeadValidation
  /** Told of every step. */
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** The loss of one step's batch and its terms, before the step. */
export interface HeadTrainingStep {
  readonly loss: number
  readonly contrastive: number
  /** Before its weight; null without a regulariser. */
  readonly regularisation: number | null
}

/** An evaluation on what was held out. */
export interface HeadEvaluation {
  /** Steps before it; 0 before training. */
  readonly step: number
  /** Mean over the sets, in (0, 1]. */
  readonly meanAveragePrecision: number
  /** By the name of the set. */
  readonly sets: Readonly<Record<string, number>>
}

/** A head, and how it came about. */
export interface FittedAttributionHead {
  /** The best on what was held out, or that of the last step without validation. */
  readonly head: AttributionHead & { readonly provenance: HeadProvenance }
  /** Steps behind the head. */
  readonly step: number
  /** Every step that was made. */
  readonly steps: readonly HeadTrainingStep[]
  /** Every evaluation; the first is of the untrained head. */
  readonly evaluations: readonly HeadEvaluation[]
  /** Whether training stopped because what was held out got no better. */
  readonly stopped: boolean
}
