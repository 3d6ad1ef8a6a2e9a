// Tuning a pair on pictures.

export type { DecisionErrors, GroupErrors } from './train/decision-errors.js'
export type { VectorQuality } from './train/judge-vectors.js'
export type { ContrastiveWeights } from './train/losses/contrastive-loss.js'
export type { TuningStep } from './train/train-vectors.js'
export { tuneConceptPair } from './train/tune-concept-pair.js'
export type {
  TuneConceptPairOptions,
  TunedConceptPair,
  TurnedAngles,
} from './train/tune-concept-pair-options.js'
export type { TuningPictures, TuningSide } from './train/tuning-pictures.js'
export type {
  ContrastiveObjective,
  DecisionObjective,
  ReleasedSeparationObjective,
  TextSeparationObjective,
  TuningObjective,
  TuningSettings,
} from './train/tuning-settings.js'

// Choosing how to tune, with an honest estimate.

export { searchTuning } from './train/search/search-tuning.js'
export type {
  SearchTuningOptions,
  TuningCandidate,
  TuningSearch,
} from './train/search/search-tuning-options.js'
export { type TuningGrid, tuningGrid } from './train/search/tuning-grid.js'

// How much pictures alone tell.

export {
  type DirectionRecoveryOptions,
  directionRecovery,
} from './train/direction-recovery.js'
export { meanDifferenceDirection } from './train/mean-difference-direction.js'
