// Diversity.

export { type VendiOptions, vendiScore } from './diversity/vendi-score.js'

// Fidelity to a reference set.

export {
  type PrecisionRecallOptions,
  type PrecisionRecallResult,
  type PrecisionRecallScores,
  precisionRecallDensityCoverage,
} from './fidelity/precision-recall-density-coverage.js'
