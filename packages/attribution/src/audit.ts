// The audit.

export { attributionAudit } from './audit/attribution-audit.js'
export type { AttributionOptions } from './audit/attribution-options.js'
