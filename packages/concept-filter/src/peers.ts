// The contract of all filters.

export { attackScore } from './peers/attack-score.js'
export { conceptEmbeddingFilter } from './peers/concept-embedding-filter.js'
export { encodedFilter } from './peers/encoded-filter.js'
export type {
  ConceptScore,
  EmbeddingFilter,
  FilterDecision,
  FilteredPictures,
  PictureFilter,
} from './peers/picture-filter.js'
export { type ScoringFilterOptions, scoringFilter } from './peers/scoring-filter.js'

// The Stable Diffusion safety checker.

export {
  type SafetyConcept,
  safetyCheckerConcepts,
  safetyCheckerSpecialConcepts,
} from './peers/safety-checker-concepts.js'
export {
  type SafetyCheckerInput,
  type SafetyCheckerScores,
  type SafetyCheckerVariant,
  safetyCheckerScores,
} from './peers/safety-checker-scores.js'
export { type SdSafetyCheckerOptions, sdSafetyChecker } from './peers/sd-safety-checker.js'

// Heads and learned prompts.

export {
  type LearnedPromptsOptions,
  laionViolence,
  learnedPromptsFilter,
  q16,
} from './peers/learned-prompts-filter.js'
export {
  type LinearHead,
  type LinearHeadsOptions,
  linearHeadsFilter,
} from './peers/linear-heads-filter.js'
export { type UnsafeDiffusionHead, unsafeDiffusion } from './peers/unsafe-diffusion.js'
