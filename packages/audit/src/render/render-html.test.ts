import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findChromium } from '../__fixtures__/chromium.js'
import { exampleMeta, hostileDocument, hostileText } from '../__fixtures__/hostile-document.js'
import { openReport } from '../__fixtures__/open-report.js'
import { auditDocumentSchema } from '../document/audit-document.js'
import { renderHtml } from './render-html.js'

// The smallest WebP: one pixel.
const pixel = 'data:image/webp;base64,UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA'

const html = renderHtml(hostileDocument, {
  metas: [exampleMeta],
  thumbnails: new Map([['outputs/b.png', pixel]]),
  samples: ['outputs/b.png'],
})

describe('renderHtml', () => {
  it('renders a valid document', () => {
    expect(auditDocumentSchema.parse(hostileDocument)).toEqual(hostileDocument)
  })

  it('has no tag that comes from a string', () => {
    expect(html).not.toContain('<script')
    expect(html).not.toContain('<img src=x')
    expect(html).toContain('&lt;script')
  })

  it('allows nothing but its own style sheet and data pictures', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
    expect(policy).toMatch(/^default-src 'none'; img-src data:; style-src 'sha256-[\w+/]{43}='/)
    expect(html).not.toMatch(/\sstyle="/)
    expect(html).not.toMatch(/(?:src|href)="(?!data:)/)
  })

  it('shows figures, intervals, n and missing, and a reason where there is no figure', () => {
    expect(html).toContain('25.0 %')
    expect(html).toContain('5.0 % to 60.0 % (95 %)')
    expect(html).toContain('Lower is better.')
    expect(html).toContain('–')
  })

  it('draws curves, without the points that have no value', () => {
    const line = /class="curve-line" points="([^"]*)"/.exec(html)?.[1]?.split(' ') ?? []
    expect(line).toEqual(['56,10', '144,44', '408,146'])
    expect(html).toMatch(/class="curve-band" points="56,10 /)
  })

  it('calls pictures of findings what the audit calls them', () => {
    expect(html).toContain('<figcaption>what b is</figcaption>')
    expect(html).not.toContain('<figcaption>outputs/b.png</figcaption>')
  })

  it('stays below 5 MB', () => {
    expect(html.length).toBeLessThan(5e6)
  })

  it.skipIf(findChromium() === null)(
    'opens from disk without script, error or request, whatever its strings say',
    async () => {
      const file = join(await mkdtemp(join(tmpdir(), 'assay-report-')), 'report.html')
      await writeFile(file, html)
      const seen = await openReport(findChromium() ?? '', file)
      expect(seen).toMatchObject({ errors: [], requests: [], hacked: false })
      expect(seen.text).toContain(hostileText.slice(0, 20))
      expect(seen.pictures).toBe(2)
      expect(seen.loadedPictures).toBe(2)
    },
  )
})
