import type { AuditContext, AuditResult } from '@assay/core'
import type { RepellencyAuditOptions } from './repellency-options.js'

/** What every part of the audit is given. */
export interface RepellencyInput {
  readonly context: AuditContext
  readonly options: RepellencyAuditOptions
  /** Cluster of each output: its prompt, or itself where it has none. */
  readonly clusters: readonly string[]
  /** Outputs that have no embedding. */
  readonly missing: number
  /** Cosine from which two pictures are near-duplicates; null where nobody has calibrated one. */
  readonly threshold: number | null
}

/** What one part of the audit contributes. */
export interface RepellencyPart {
  readonly measures: AuditResult['measures']
  readonly curves?: NonNullable<AuditResult['curves']>
  readonly findings?: AuditResult['findings']
  readonly warnings?: AuditResult['warnings']
  /** Scores of outputs, by output id. */
  readonly scores?: ReadonlyMap<string, Readonly<Record<string, number | string | null>>>
}

/** Why near-duplicates cannot be told. */
export const uncalibrated =
  "The encoder's card has no near-duplicate threshold, and the options name none."
