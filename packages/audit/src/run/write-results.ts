import type { AuditMeta, AuditResult } from '@assay/core'
import { makeThumbnail, type Picture } from '@assay/embed'
import type { AuditDocument } from '../document/audit-document.js'
import { serializeDocument, serializeLine } from '../document/serialize.js'
import { PICTURES_SHOWN } from '../render/finding-list.js'
import { renderHtml } from '../render/render-html.js'
import { shownFindings } from '../render/shown-findings.js'
import { makeThumbnails } from '../render/thumbnails.js'
import type { CollectedSet } from './collect-inputs.js'
import type { RunFolder } from './run-folder.js'

/** Pictures of a contact sheet. */
const SHEET_SIZE = 32

/** Writes `items.jsonl`, `report.html` and, last, `audit.json`. */
export async function writeResults(
  folder: RunFolder,
  parts: {
    readonly document: AuditDocument
    readonly results: readonly AuditResult[]
    readonly metas: readonly AuditMeta[]
    readonly sets: readonly CollectedSet[]
    /** Sets that options name. */
    readonly optionSets: readonly CollectedSet<string>[]
  },
): Promise<void> {
  const { document, results, metas, sets, optionSets } = parts
  const samples = sets.flatMap(contactSheet)
  const evidence = document.audits.flatMap(({ findings }) =>
    shownFindings(findings).flatMap(({ items }) => items.slice(0, PICTURES_SHOWN)),
  )
  const thumbnails = await makeThumbnails(
    [...evidence, ...samples],
    thumbnailOf([...sets, ...optionSets]),
  )
  await folder.write('items.jsonl', itemLines(results))
  await folder.write('report.html', renderHtml(document, { metas, thumbnails, samples }))
  await folder.write('audit.json', serializeDocument(document))
}

/** One line an output, the scores of all audits under their ids. */
function itemLines(results: readonly AuditResult[]): string {
  const rows = new Map<string, Record<string, unknown>>()
  for (const { id: audit, items } of results) {
    for (const { id, scores } of items) {
      rows.set(id, { id, ...rows.get(id), [audit]: scores })
    }
  }
  return [...rows.values()].map(serializeLine).join('')
}

/** Pictures spread evenly over a set. */
function contactSheet({ name, content: { pictures } }: CollectedSet): string[] {
  const step = Math.max(1, Math.floor(pictures.length / SHEET_SIZE))
  return pictures
    .flatMap(({ id }, index) => (index % step === 0 ? `${name}/${id}` : []))
    .slice(0, SHEET_SIZE)
}

function thumbnailOf(sets: readonly CollectedSet<string>[]) {
  const sourceOf = new Map<string, Picture['source']>(
    sets.flatMap(({ name, content }) =>
      content.pictures.map(({ id, source }) => [`${name}/${id}`, source] as const),
    ),
  )
  return async (item: string, size: number): Promise<Uint8Array | null> => {
    const source = sourceOf.get(item)
    if (source === undefined) return null
    try {
      const file = typeof source === 'string' ? source : await source.read()
      return await makeThumbnail(file, { size })
    } catch {
      return null // Already counted as a failure where it matters; the report shows an empty frame.
    }
  }
}
