import type { AuditPartInput } from '@assay/core/measures'
import type { SimilarityOptions } from './similarity-options.js'

/** What every part of the audit is given. */
export type SimilarityInput = AuditPartInput<SimilarityOptions>
