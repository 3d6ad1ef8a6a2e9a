import type { Finding } from '@assay/core'
import { shownFindings } from './shown-findings.js'
import type { Thumbnails } from './thumbnails.js'

/** Pictures shown of one finding. */
export const PICTURES_SHOWN = 4

/** Findings with their pictures, worst first. */
export function FindingList(props: { findings: readonly Finding[]; thumbnails: Thumbnails }) {
  const shown = shownFindings(props.findings)
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
        {pictures.map((item, at) => (
          <Picture
            key={item}
            item={item}
            caption={finding.captions?.[at] ?? item}
            thumbnails={thumbnails}
          />
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

/** A thumbnail with its caption, or a frame that says there is none. */
function Picture(props: { item: string; caption: string; thumbnails: Thumbnails }) {
  const { item, caption } = props
  const source = props.thumbnails.get(item)
  return (
    <figure>
      {source ? <img src={source} alt={item} title={item} /> : <div class="absent">no picture</div>}
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

function evidence(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(4)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
