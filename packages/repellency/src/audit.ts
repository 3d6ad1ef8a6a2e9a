// The audit.

export { repellencyAudit } from './audit/repellency-audit.js'
export type { RepellencyAuditOptions } from './audit/repellency-options.js'
export { type ShieldComparison, shieldComparisons } from './audit/shield-comparisons.js'
export type { RecordedPicture } from './audit/shield-record.js'

// How different pictures are, as a whole and within prompts.

export { diversityMeasures } from './diversity/diversity-measures.js'
export {
  type DiversityScore,
  type DiversityScoresOptions,
  diversityScores,
} from './diversity/diversity-scores.js'
export type { PromptValues } from './diversity/prompt-values.js'

// The evidence of a shielded run, which it reads.

export { parseShieldEvidence } from './evidence/parse-shield-evidence.js'
export type {
  BasePicture,
  EvidencedCall,
  EvidencedPicture,
  EvidencedRequest,
  NearestReference,
  ShieldEvidence,
} from './evidence/shield-evidence.js'

// How near pictures are to protected ones, in the space of a shield.

export {
  type NearestReferencesOptions,
  nearestReferences,
} from './calibration/nearest-references.js'
