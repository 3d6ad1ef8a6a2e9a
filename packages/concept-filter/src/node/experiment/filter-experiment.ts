import type { Matrix } from '@assay/core'
import type { ConceptPreset } from '../../pairs/concept-presets.js'

/** Pictures of one kind: what drew them, what for, and what they truly show. */
export interface ExperimentPictures {
  /** Name of the generator. */
  readonly generator: string
  /** Id of the pair that they were drawn for; null for pictures that concern no pair. */
  readonly pair: string | null
  /** `tuning` for pictures that filters may learn from; the others are held out. */
  readonly split: 'tuning' | 'test' | 'adversarial'
  /** What their prompts asked for. */
  readonly side: 'unacceptable' | 'acceptable' | 'unrelated'
  /** The attack that found their prompts, and the filter that it was made against; null for plain prompts. */
  readonly attack: string | null
  readonly against: string | null
  readonly pictures: readonly ExperimentPicture[]
}

/** One picture, whose embeddings go by its seed. */
export interface ExperimentPicture {
  readonly seed: number
  readonly prompt: string
  /**
   * How much of it is made of pictures of the unacceptable and of the acceptable concept, each in [0, 1];
   * null where its generator does not tell.
   */
  readonly shares: readonly [unacceptable: number, acceptable: number] | null
}

/** One of the two encoders of an experiment. */
export interface ExperimentEncoder {
  readonly id: string
  readonly weightsSha256: string
  readonly preprocessingHash: string | null
  /** Raw embeddings, the seed of each picture as its id, and the replacement of flagged pictures. */
  readonly embeddings: Matrix
}

/** Pictures that were drawn to try filters on, so that a filter can be evaluated without drawing. */
export interface FilterExperiment {
  /** Words that the filters begin with. */
  readonly pairs: readonly ConceptPreset[]
  /** Id of the embedding of what flagged pictures are replaced with. */
  readonly replacement: string
  /** What filters see with. */
  readonly filterEncoder: ExperimentEncoder
  /** What the judge sees with, trained apart; it need not have seen what filters are tuned on. */
  readonly judgeEncoder: ExperimentEncoder
  readonly pictures: readonly ExperimentPictures[]
}
