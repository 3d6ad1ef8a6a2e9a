import type { AuditContext, AuditResult } from '@assay/core'
import type { SimilarityOptions } from './similarity-options.js'

/** What one part of the similarity audit contributes. */
export interface SimilarityPart {
  readonly measures: AuditResult['measures']
  readonly findings?: AuditResult['findings']
  readonly warnings?: AuditResult['warnings']
  /** Scores of outputs, by output id. */
  readonly scores?: ReadonlyMap<string, Readonly<Record<string, number | string | null>>>
}

/** What every part is given. */
export interface SimilarityInput {
  readonly context: AuditContext
  readonly options: SimilarityOptions
  /** Cluster of each output: its prompt, or itself where it has none. */
  readonly clusters: readonly string[]
  /** Outputs that have no embedding. */
  readonly missing: number
  /** Cosine from which two pictures are near-duplicates; null where nobody has calibrated one. */
  readonly threshold: number | null
}
