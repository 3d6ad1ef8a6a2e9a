// Diversity.

export { type VendiOptions, vendiScore, vendiScores } from './diversity/vendi-score.js'

// Fidelity to a reference set.

export { frechetDistance } from './fidelity/frechet-distance.js'
export {
  type LeaveGroupsOutOptions,
  precisionRecallLeavingGroupsOut,
} from './fidelity/leave-groups-out.js'
export {
  type PrecisionRecallOptions,
  type PrecisionRecallResult,
  type PrecisionRecallScores,
  precisionRecallDensityCoverage,
} from './fidelity/precision-recall-density-coverage.js'

// Alignment with prompts.

export { type ClipScore, type ClipScoreOptions, clipScore } from './alignment/clip-score.js'

// Near-duplicates.

export { duplicateGroups } from './duplicates/duplicate-groups.js'
export { copyShare, nearDuplicateShare } from './duplicates/near-duplicate-share.js'
export {
  type NearDuplicate,
  type NearDuplicateOptions,
  nearDuplicatePairs,
  nearDuplicatesOf,
} from './duplicates/near-duplicates.js'

// Retrieval.

export { averagePrecision } from './retrieval/average-precision.js'
export { chanceRecall } from './retrieval/chance-recall.js'
export { hitAtK } from './retrieval/hit-at-k.js'
export { meanAveragePrecision } from './retrieval/mean-average-precision.js'
export { type RankCounts, ranksFromCounts } from './retrieval/ranks-from-counts.js'
export { recallAtK } from './retrieval/recall-at-k.js'
export { recallCeiling } from './retrieval/recall-ceiling.js'
export { reciprocalRank } from './retrieval/reciprocal-rank.js'
export { type RankingScores, relevantRanks } from './retrieval/relevant-ranks.js'

// Every measure as a module, with what it means and promises.

export type { Metric } from '@assay/core/testing'
export { metrics } from './metrics/metrics.js'
