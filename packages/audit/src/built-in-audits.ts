import type { Audit } from '@assay/core'
import { similarityAudit } from './similarity/similarity-audit.js'

/** Every audit that Assay ships, in the order of the report. */
export const builtInAudits: readonly Audit[] = [similarityAudit]
