import { createHash } from 'node:crypto'
import type { AuditMeta } from '@assay/core'
import { renderToString } from 'preact-render-to-string'
import type { AuditDocument } from '../document/audit-document.js'
import { Report } from './report.js'
import { reportStyle } from './report-style.js'
import type { Thumbnails } from './thumbnails.js'

const styleHash = createHash('sha256').update(reportStyle).digest('base64')
// No script, no network: the page is safe to open whatever stands in prompts and file names.
const policy = `default-src 'none'; img-src data:; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`

/** What the page shows beside the document. */
export interface RenderHtmlOptions {
  /** Meta of the audits in the document. */
  readonly metas: readonly AuditMeta[]
  readonly thumbnails: Thumbnails
  /** Pictures of the contact sheets, as `set/id`. */
  readonly samples: readonly string[]
}

/** The report as one HTML file that needs no script, no network and no other file. */
export function renderHtml(document: AuditDocument, options: RenderHtmlOptions): string {
  const body = renderToString(<Report document={document} {...options} />)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Assay audit ${document.run.id.slice(0, 12)}</title>
<style>${reportStyle}</style>
</head>
<body>
${body}
</body>
</html>
`
}
