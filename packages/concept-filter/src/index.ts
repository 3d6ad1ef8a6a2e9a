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

export type { ConceptDecision, PairDecision } from './filter/concept-decision.js'
export type { ConceptFilter, ConceptFilterOptions } from './filter/concept-filter.js'
export { createConceptFilter } from './filter/create-concept-filter.js'
