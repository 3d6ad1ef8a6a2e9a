// Configuration.

// Running.
export { builtInAudits } from './built-in-audits.js'
export {
  type AssayConfig,
  assayConfigSchema,
  configJsonSchema,
  defineConfig,
} from './configuration/assay-config.js'
// The result document and its renderings.
export {
  type AuditDocument,
  auditDocumentJsonSchema,
  auditDocumentSchema,
} from './document/audit-document.js'
export { serializeDocument } from './document/serialize.js'
export { formatFigure, formatInterval } from './render/format-figure.js'
export { type RenderHtmlOptions, renderHtml } from './render/render-html.js'
export type { FindModelOptions } from './run/find-model.js'
export { type OpenModelOptions, openModel } from './run/open-model.js'
export { type RunAuditOptions, type RunAuditResult, runAudit } from './run/run-audit.js'
export { similarityAudit } from './similarity/similarity-audit.js'
export type { SimilarityOptions } from './similarity/similarity-options.js'
