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
