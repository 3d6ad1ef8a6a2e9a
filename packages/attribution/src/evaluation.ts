// The exemplar protocol.

export {
  type EvaluateExemplarsOptions,
  evaluateExemplars,
} from './evaluation/evaluate-exemplars.js'
export type {
  EvaluationWarning,
  ExemplarEvaluation,
  ExemplarRanks,
  RetrievalField,
  RetrievalMeasure,
  RetrievalRow,
} from './evaluation/exemplar-evaluation.js'
export {
  type FindDuplicateRowsOptions,
  findDuplicateRows,
} from './evaluation/find-duplicate-rows.js'
export type { DuplicateOptions, DuplicateRows } from './evaluation/pool-duplicates.js'
export type { RowProduct } from './evaluation/row-product.js'
export {
  type SummariseRetrievalOptions,
  summariseRetrieval,
} from './evaluation/summarise-retrieval.js'
export type { RowName, TunedModel } from './evaluation/tuned-model.js'

// Methods side by side, and larger sets.

export {
  type ComparedRow,
  type CompareMethodsOptions,
  compareMethods,
  type EvaluatedMethod,
  type MethodComparison,
} from './evaluation/compare-methods.js'
export {
  type EvaluateLargerSetsOptions,
  evaluateLargerSets,
  type LargerSetsResult,
} from './evaluation/evaluate-larger-sets.js'

// Scores against retraining, and influence against the truth.

export {
  type EquivalentRandomRemovals,
  type EquivalentRandomRemovalsOptions,
  equivalentRandomRemovals,
} from './evaluation/equivalent-random-removals.js'
export {
  type InfluenceAgreement,
  influenceAgreement,
  type JudgedInfluence,
  type MeanCorrelation,
} from './evaluation/influence-agreement.js'
export {
  type LeaveKOutOptions,
  type LeaveKOutRow,
  leaveKOut,
  type MeanChange,
  type Removal,
} from './evaluation/leave-k-out.js'
export {
  type LinearDatamodellingOptions,
  type LinearDatamodellingScore,
  linearDatamodellingScore,
} from './evaluation/linear-datamodelling-score.js'
