// Features of pools, exemplars and queries.

export { collectFeatures } from './features/collect-features.js'
export type {
  FeatureBlock,
  FeatureBlocksOptions,
  FeatureSource,
} from './features/feature-source.js'
export {
  type FeaturesFromMatrixOptions,
  featuresFromMatrix,
} from './features/features-from-matrix.js'

// Heads: learned maps from frozen features to a space of attribution.

export { type ApplyHeadOptions, applyHead } from './head/apply-head.js'
export type {
  AttributionHead,
  HeadExpectations,
  HeadProvenance,
  HeadSide,
} from './head/attribution-head.js'
export {
  type CreateAttributionHeadOptions,
  createAttributionHead,
} from './head/create-attribution-head.js'
export type { FeatureMap } from './head/feature-map.js'
export { assertMappedBy, mappedFingerprint } from './head/mapped-fingerprint.js'

// Calibrated influence.

export { assessCalibration, type CalibrationReport } from './calibration/assess-calibration.js'
export type { Calibration, CalibrationProvenance } from './calibration/calibration.js'
export type { CalibrationScores } from './calibration/calibration-scores.js'
export {
  type CollectedScores,
  collectCalibrationScores,
} from './calibration/collect-calibration-scores.js'
export { type FitCalibrationOptions, fitCalibration } from './calibration/fit-calibration.js'
export { influenceThreshold } from './influence/influence-threshold.js'
export { softInfluence } from './influence/soft-influence.js'

// What outputs were made from, and whom to credit.

export { attribute } from './attribute/attribute.js'
export type { AttributeOptions } from './attribute/attribute-options.js'
export type {
  Attribution,
  AttributionReport,
  AttributionWarning,
  Match,
} from './attribute/attribution.js'
export {
  type GroupCredit,
  type GroupCreditReport,
  groupCredit,
} from './groups/group-credit.js'

// Customised models; their evaluation has an entry of its own.

export type { RowName, TunedModel } from './evaluation/tuned-model.js'
