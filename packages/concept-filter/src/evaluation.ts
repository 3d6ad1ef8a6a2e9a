// Thresholds from clean pictures.

export {
  type CalibrateThresholdsOptions,
  type CleanPictures,
  calibrateThresholds,
  type FalseAlarmBudget,
  type PairCalibration,
  type ThresholdCalibration,
} from './calibration/calibrate-thresholds.js'
export {
  type ConformalThreshold,
  type ConformalThresholdOptions,
  conformalThreshold,
} from './calibration/conformal-threshold.js'
export { type FamilyCorrection, familyRate } from './calibration/family-rate.js'
export {
  type SubgroupReportOptions,
  type SubgroupRow,
  subgroupReport,
} from './calibration/subgroup-report.js'

// Judges.

export { type JudgeIndependence, judgeIndependence } from './evaluation/judge-independence.js'
export {
  type ConceptJudge,
  type Judgement,
  type JudgeWithPairOptions,
  judgeWithPair,
  knownTruth,
} from './evaluation/judgement.js'

// Effectiveness, utility, robustness.

export {
  clipAccuracyHard,
  clipAccuracySoft,
  type JudgedOptions,
} from './evaluation/clip-accuracy.js'
export {
  falseNegativeRate,
  falsePositiveRate,
  type JudgedDecisions,
} from './evaluation/error-rates.js'
export {
  type EvaluatedPictures,
  type EvaluateFilterOptions,
  evaluateFilter,
  type FilterEvaluation,
} from './evaluation/evaluate-filter.js'
export {
  type NormalizedClipScoreOptions,
  normalizedClipScore,
} from './evaluation/normalized-clip-score.js'
