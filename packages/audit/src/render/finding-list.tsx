import type { Finding } from '@assay/core'
import type { Thumbnails } from './thumbnails.js'

/** Findings that the page shows; all of them stand in audit.json. */
export const FINDINGS_SHOWN = 24
/** Pictures shown of one finding. */
export const PICTURES_SHOWN = 4

/** Findings with their pictures, worst first. */
export function FindingList(props: { findings: readonly Finding[]; thumbnails: Thumbnails }) {
  const shown = props.findings.slice(0, FINDINGS_SHOWN)
  const hidden = props.findings.length - shown.length
  return (
    <>
      <div class="pairs">
        {shown.map((finding) => (
          <FindingCard key={finding.id} finding={finding} thumbnails={props.thumbnails} />
        ))}
      </div>
      {hidden > 0 && <p class="soft">{hidden} more stand in audit.json.</p>}
    </>
  )
}

function FindingCard({ finding, thumbnails }: { finding: Finding; thumbnails: Thumbnails }) {
  const pictures = finding.items.slice(0, PICTURES_SHOWN)
  return (
    <article class="pair">
      <div class="pair-pictures">
        {pictures.map((item) => (
          <Picture key={item} item={item} thumbnails={thumbnails} />
        ))}
      </div>
      <strong class="small">{finding.title}</strong>
      <dl class="small">
        {Object.entries(finding.evidence).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{evidence(value)}</dd>
          </>
        ))}
      </dl>
    </article>
  )
}

/** A thumbnail with its identifier, or a frame that says there is none. */
export function Picture({ item, thumbnails }: { item: string; thumbnails: Thumbnails }) {
  const source = thumbnails.get(item)
  return (
    <figure>
      {source ? <img src={source} alt={item} /> : <div class="absent">no picture</div>}
      <figcaption>{item}</figcaption>
    </figure>
  )
}

function evidence(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(4)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
