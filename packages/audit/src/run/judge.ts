import { AssayError, type Audit, type AuditContext, type AuditResult } from '@assay/core'
import type { SelectedAudit } from './select-audits.js'

type Need = Audit['needs'][number]

/**
 * Runs one audit. What it needs and does not have makes it `notApplicable`; an error inside it makes
 * it `error`: neither stops the other audits. An abort does.
 */
export async function judge(
  { audit, options }: SelectedAudit,
  context: AuditContext,
): Promise<AuditResult> {
  const lacking = audit.needs.filter((need) => !isMet(need, context.inputs))
  if (lacking.length > 0) return notApplicable(audit, lacking)
  try {
    return await audit.run(context, options)
  } catch (error) {
    if (context.signal.aborted) throw error
    return failed(audit, error)
  }
}

function isMet(need: Need, inputs: AuditContext['inputs']): boolean {
  switch (need) {
    case 'outputs':
      return inputs.outputs.items.length > 0
    case 'prompts':
      return inputs.outputs.promptEmbeddings !== null
    case 'protected-set':
      return inputs.protected !== null
    case 'reference-set':
      return inputs.reference !== null
    case 'training-set':
      return inputs.training !== null
    case 'text-encoder':
      return inputs.textEncoder !== null
    case 'generator':
      return inputs.generator !== null
    case 'classifier':
      return inputs.classifier !== null
  }
}

function notApplicable(audit: Audit, lacking: readonly Need[]): AuditResult {
  return emptyResult(audit, 'notApplicable', {
    code: 'MISSING_INPUT',
    count: lacking.length,
    message: `This audit needs ${lacking.join(' and ')}; the configuration names none.`,
  })
}

function failed(audit: Audit, error: unknown): AuditResult {
  const known = AssayError.isInstance(error)
  return emptyResult(audit, 'error', {
    code: known ? error.code : 'INTERNAL',
    count: 1,
    message: known ? `${error.message} ${error.remedy}` : String(error),
  })
}

function emptyResult(
  audit: Audit,
  status: AuditResult['status'],
  warning: AuditResult['warnings'][number],
): AuditResult {
  const measures = audit.meta.measures.map(({ id, unit }) => ({
    id,
    unit,
    value: null,
    n: 0,
    missing: 0,
    interval: null,
    reason: warning.message,
  }))
  return { id: audit.meta.id, status, measures, findings: [], warnings: [warning], items: [] }
}
