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
