import type { Matrix } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'

/** Pictures of one side, with what is known of each. */
export interface TuningSide {
  /** One row a picture, raw or unit, of the pair's space. */
  readonly embeddings: Matrix
  /**
   * The prompt of each picture: pictures of one prompt stay together in folds, and widen intervals. A
   * prompt of the same name on the other side, the same scene with the other concept, stays with them.
   * Default: row i of both sides is of prompt i in folds; intervals take pictures as independent.
   */
  readonly prompts?: readonly ClusterId[]
  /** The group of each picture, for weights and for a report by group. Default: one group. */
  readonly groups?: readonly string[]
  /** One row a picture: the text embedding of its prompt, for the objectives that need texts. */
  readonly promptEmbeddings?: Matrix
}

/** Pictures of both sides. */
export interface TuningPictures {
  readonly unacceptable: TuningSide
  readonly acceptable: TuningSide
}
