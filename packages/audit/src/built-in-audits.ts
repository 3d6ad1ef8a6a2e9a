import { attributionAudit } from '@assay/attribution/audit'
import { conceptFilterAudit } from '@assay/concept-filter/audit'
import type { Audit } from '@assay/core'
import { repellencyAudit } from '@assay/repellency/audit'
import { similarityAudit } from './similarity/similarity-audit.js'

/** Every audit that Assay ships, in the order of the report. */
export const builtInAudits: readonly Audit[] = [
  similarityAudit,
  attributionAudit,
  conceptFilterAudit,
  repellencyAudit,
]
