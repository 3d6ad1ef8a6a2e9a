// The audit.

export { conceptFilterAudit } from './audit/concept-filter-audit.js'
export type { ConceptFilterAuditOptions } from './audit/concept-filter-options.js'
