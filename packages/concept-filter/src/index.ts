// Pairs of concepts.

export type {
  ConceptPair,
  ConceptProvenance,
  ConceptRelation,
  ConceptSide,
  ScoreForm,
} from './pairs/concept-pair.js'
export { type ConceptPreset, conceptPreset, conceptPresets } from './pairs/concept-presets.js'
export {
  type ConceptSideInput,
  type CreateConceptPairOptions,
  createConceptPair,
} from './pairs/create-concept-pair.js'
export { type EmbedConceptPairOptions, embedConceptPair } from './pairs/embed-concept-pair.js'
export type { ConceptThreshold } from './score/threshold-margin.js'

// The filter and what it says.

export type {
  ConceptDecision,
  DecisionRadius,
  NullReason,
  PairDecision,
} from './filter/concept-decision.js'
export type { ConceptFilter, ConceptFilterOptions } from './filter/concept-filter.js'
export { createConceptFilter } from './filter/create-concept-filter.js'

// Pictures: one after the other, and what is done with those that are flagged.

export {
  type ActedPicture,
  type ActOnPictureOptions,
  actOnPicture,
} from './actions/act-on-picture.js'
export type { PictureAction, PictureOutcome, RgbColour } from './actions/picture-action.js'
export {
  type CheckedPicture,
  type CheckPicturesOptions,
  checkPictures,
} from './stream/check-pictures.js'
