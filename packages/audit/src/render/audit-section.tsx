import type { AuditMeta } from '@assay/core'
import type { AuditDocument } from '../document/audit-document.js'
import { CurvePlot } from './curve-plot.js'
import { FindingList } from './finding-list.js'
import { MeasureTable } from './measure-table.js'
import type { Thumbnails } from './thumbnails.js'

/** One audit: its question, figures, findings, warnings and method. */
export function AuditSection(props: {
  audit: AuditDocument['audits'][number]
  meta: AuditMeta | undefined
  thumbnails: Thumbnails
}) {
  const { audit, meta, thumbnails } = props
  return (
    <section id={audit.id}>
      <h2>{meta?.question ?? audit.id}</h2>
      <p>
        <span class={`badge badge-${audit.status}`}>{audit.status}</span>{' '}
        {audit.status === 'failed' ? meta?.failureTitle : meta?.title}
      </p>
      <MeasureTable measures={audit.measures} metas={meta?.measures ?? []} />
      {audit.curves?.map((curve) => (
        <CurvePlot key={curve.id} curve={curve} />
      ))}
      {audit.warnings.length > 0 && (
        <>
          <h3>Warnings</h3>
          <ul class="plain small">
            {audit.warnings.map(({ code, count, message }) => (
              <li key={code}>
                {message} <code>{code}</code> ({count})
              </li>
            ))}
          </ul>
        </>
      )}
      {audit.findings.length > 0 && (
        <>
          <h3>Findings</h3>
          <FindingList findings={audit.findings} thumbnails={thumbnails} />
        </>
      )}
      {meta && <Method meta={meta} />}
    </section>
  )
}

function Method({ meta }: { meta: AuditMeta }) {
  return (
    <details>
      <summary>How this is measured</summary>
      <p>{meta.description}</p>
      <ul class="small">
        {meta.references.map((reference) => (
          <li key={reference}>{reference}</li>
        ))}
      </ul>
    </details>
  )
}
