import type { AuditMeta } from '@assay/core'
import type { AuditDocument } from '../document/audit-document.js'
import { AuditSection } from './audit-section.js'
import type { RenderHtmlOptions } from './render-html.js'

/** The whole page. */
export function Report(props: { document: AuditDocument } & RenderHtmlOptions) {
  const { document, metas, thumbnails, samples } = props
  const metaOf = (id: string): AuditMeta | undefined => metas.find((meta) => meta.id === id)
  return (
    <>
      <header>
        <h1>Assay audit</h1>
        <RunFacts document={document} />
      </header>
      {document.run.inputs.map(({ set }) => (
        <ContactSheet
          key={set}
          set={set}
          sources={samples.filter((item) => item.startsWith(`${set}/`))}
          thumbnails={thumbnails}
        />
      ))}
      {document.audits.map((audit) => (
        <AuditSection
          key={audit.id}
          audit={audit}
          meta={metaOf(audit.id)}
          thumbnails={thumbnails}
        />
      ))}
      <Failures document={document} />
    </>
  )
}

function RunFacts({ document }: { document: AuditDocument }) {
  const { run, tool, volatile } = document
  return (
    <dl class="small">
      <dt>Run</dt>
      <dd>
        <code>{run.id}</code>
      </dd>
      <dt>Made</dt>
      <dd>
        {volatile.started} by {tool.name} {tool.version}
        {tool.gitSha && ` (${tool.gitSha.slice(0, 12)})`}, seed {run.seeds.run}
      </dd>
      {run.encoders.map((encoder) => (
        <>
          <dt>Encoder</dt>
          <dd>
            {encoder.id}, {encoder.licence}
            {encoder.commercialUse ? '' : ', not for commercial use'},{' '}
            <code>{encoder.fingerprint.slice(0, 12)}</code>
          </dd>
        </>
      ))}
      {run.inputs.map(({ set, path, items, failures }) => (
        <>
          <dt>{set}</dt>
          <dd>
            {items} pictures in <code>{path}</code>
            {failures.length > 0 && `, ${failures.length} unreadable`}
          </dd>
        </>
      ))}
    </dl>
  )
}

function ContactSheet(props: {
  set: string
  sources: readonly string[]
  thumbnails: RenderHtmlOptions['thumbnails']
}) {
  const shown = props.sources.filter((item) => props.thumbnails.has(item))
  if (shown.length === 0) return null
  return (
    <>
      <h3>Some of the {props.set}</h3>
      <div class="sheet">
        {shown.map((item) => (
          <img key={item} src={props.thumbnails.get(item)} alt={item} title={item} />
        ))}
      </div>
    </>
  )
}

function Failures({ document }: { document: AuditDocument }) {
  const failures = document.run.inputs.flatMap(({ set, failures }) =>
    failures.map((failure) => ({ set, ...failure })),
  )
  if (failures.length === 0) return null
  return (
    <section>
      <h2>What could not be used</h2>
      <p class="soft">Counted as missing in every measure that needed it.</p>
      <ul class="plain small">
        {failures.map(({ set, id, stage, code, message }) => (
          <li key={`${set}/${id}`}>
            <code>
              {set}/{id}
            </code>{' '}
            {stage}: {message} <code>{code}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}
