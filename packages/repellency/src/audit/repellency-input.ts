import type { AuditPartInput } from '@assay/core/measures'
import type { RepellencyAuditOptions } from './repellency-options.js'

/** What every part of the audit is given. */
export type RepellencyInput = AuditPartInput<RepellencyAuditOptions>
