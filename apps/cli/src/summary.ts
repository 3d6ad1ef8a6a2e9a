import { type AuditDocument, formatFigure, formatInterval } from '@assay/audit'
import type { AuditMeta } from '@assay/core'
import pc from 'picocolors'
import { printable, table } from './table.js'

/** Findings shown of each audit. */
const FINDINGS_SHOWN = 5

/** The result on a screen: every audit's figures, its worst findings, and what was missing. */
export function summary(document: AuditDocument, metas: readonly AuditMeta[]): string {
  const sections = document.audits.map((audit) =>
    section(
      audit,
      metas.find(({ id }) => id === audit.id),
    ),
  )
  return `\n${sections.join('\n')}\n${inputs(document)}`
}

function section(audit: AuditDocument['audits'][number], meta: AuditMeta | undefined): string {
  const rows = audit.measures.map(({ id, group, value, unit, interval, n, missing, reason }) => [
    `  ${titleOf(meta, id)}${group === undefined ? '' : `: ${printable(group)}`}`,
    value === null ? '–' : formatFigure(value, unit),
    interval === null ? (reason ?? '') : formatInterval(interval, unit),
    `n ${n}${missing > 0 ? `, ${missing} missing` : ''}`,
  ])
  const findings = audit.findings
    .slice(0, FINDINGS_SHOWN)
    .map(({ title, items }) => `  ${title}: ${printable(items.join(' ~ '))}\n`)
  const more = audit.findings.length - findings.length
  return [
    `${pc.bold(meta?.question ?? audit.id)} ${pc.dim(`[${audit.status}]`)}\n\n`,
    table(rows),
    findings.length > 0 ? `\n${findings.join('')}` : '',
    more > 0 ? pc.dim(`  and ${more} more findings in the report\n`) : '',
    ...audit.warnings.map(({ message }) => pc.yellow(`  ! ${printable(message)}\n`)),
  ].join('')
}

const titleOf = (meta: AuditMeta | undefined, id: string) =>
  meta?.measures.find((measure) => measure.id === id)?.title ?? id

function inputs({ run }: AuditDocument): string {
  const rows = run.inputs.map(
    ({ set, items, failures }) =>
      `${items} ${set}${failures.length > 0 ? ` (${failures.length} unreadable)` : ''}`,
  )
  return pc.dim(`${rows.join(', ')}; run ${run.id.slice(0, 12)}\n`)
}
