import type { AuditContext, AuditResult } from '@assay/core'
import { judge } from './judge.js'
import type { RunFolder } from './run-folder.js'
import type { SelectedAudit } from './select-audits.js'

/** Runs the audits one after another; each finished one is kept in the journal at once. */
export async function judgeAll(
  selected: readonly SelectedAudit[],
  contextFor: (auditId: string) => AuditContext,
  folder: RunFolder,
): Promise<readonly AuditResult[]> {
  const results: AuditResult[] = []
  for (const { audit, options } of selected) {
    const { id } = audit.meta
    const context = contextFor(id)
    context.signal.throwIfAborted()
    const result = folder.judged.get(id) ?? (await judge({ audit, options }, context))
    if (!folder.judged.has(id)) await folder.keep(result)
    results.push(result)
    context.progress({ task: 'judge', done: results.length, total: selected.length })
  }
  return results
}
