// Filters in files.

export {
  type ReadConceptFilterOptions,
  readConceptFilter,
  writeConceptFilter,
} from './node/concept-filter-file.js'

// Weights of other filters.

export {
  type ReadPeerOptions,
  type ReadSafetyCheckerOptions,
  readDeepFloydChecker,
  readLaionViolence,
  readQ16,
  readSdSafetyChecker,
  readUnsafeDiffusion,
  type SafetyCheckerFiles,
} from './node/peers/read-peers.js'

// What is done with files of flagged pictures.

export {
  type ActedPictureFile,
  type ActOnPictureFileOptions,
  actOnPictureFile,
} from './node/pictures/act-on-picture-file.js'

// Pictures that filters are tried on.

export type {
  ExperimentEncoder,
  ExperimentPicture,
  ExperimentPictures,
  FilterExperiment,
} from './node/experiment/filter-experiment.js'
export { readFilterExperiment } from './node/experiment/read-experiment.js'

// What stresses and attacks are made of.

export type { PromptListFormat } from './node/prompts/prompt-list-formats.js'
export {
  type AttackPrompt,
  type ReadAttackPromptsOptions,
  readAttackPrompts,
} from './node/prompts/read-attack-prompts.js'
export { naturalTransforms } from './node/transforms/natural-transforms.js'
export {
  type TypographicOverlayOptions,
  typographicOverlays,
} from './node/transforms/typographic-overlays.js'
