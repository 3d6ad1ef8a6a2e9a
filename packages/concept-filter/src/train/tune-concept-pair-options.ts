import type { ConceptPair } from '../pairs/concept-pair.js'
import type { DecisionErrors } from './decision-errors.js'
import type { TrainedVectors, TuningStep } from './train-vectors.js'
import type { TuningPictures } from './tuning-pictures.js'
import type { TuningSettings } from './tuning-settings.js'

/** What {@link tuneConceptPair} tunes, and on what. */
export interface TuneConceptPairOptions extends TuningSettings, TuningPictures {
  /** Its vectors are the start, and the anchors. */
  readonly pair: ConceptPair
  /**
   * Pictures that tell when to stop: the step with the least (FNR + FPR) / 2 on them is kept, of equal ones
   * that with the lowest cross entropy. They must share no prompt with those that are tuned on. Default:
   * none; then the last step is kept.
   */
  readonly validation?: TuningPictures
  /** Steps without a better validation figure before tuning stops, at least 1. Default: 10. */
  readonly patience?: number
  /** Draws the batches of `paper-con`; all else is deterministic. Default: 0. */
  readonly seed?: number | string
}

/** How far each vector has turned, in degrees. */
export interface TurnedAngles {
  readonly unacceptable: number
  readonly acceptable: number
}

/** What tuning made. */
export interface TunedConceptPair {
  /** A new pair of the same threshold, which must be calibrated anew. */
  readonly pair: ConceptPair
  readonly turned: TurnedAngles
  /** The step that was kept; 0 where no step was better than the start. */
  readonly step: number
  readonly stopped: TrainedVectors['stopped']
  readonly history: readonly TuningStep[]
  /** On the pictures that it was tuned on: never a measure of quality. */
  readonly training: DecisionErrors
  /**
   * On the pictures that chose the step, so a little too good; null without them. `searchTuning` and
   * pictures of their own tell honest figures.
   */
  readonly validation: DecisionErrors | null
}
