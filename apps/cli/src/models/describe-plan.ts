import { join } from 'node:path'
import { type PlannedFile, type PullPlan, unpinnedFiles } from '@assay/embed/hub'
import { printable, table } from '../table.js'

/** Bytes as people read them: decimal units, as disks and networks are sold. */
export function readableBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** What a plan would do, for the user to agree to. */
export function describePlan(plan: PullPlan): string {
  const { card, source, files, bytes, missingBytes, folder } = plan
  const { licence, commercialUse } = card
  const unpinned = unpinnedFiles(plan)
  return [
    `${printable(card.id)}: ${printable(card.title)}\n`,
    table([
      ['  licence', `${printable(licence)}, ${commercialUseText(commercialUse)}`],
      ['  from', source ? `${source.hub}${source.repository} at ${source.commit}` : 'this machine'],
      ['  to', folder],
      ['  size', `${readableBytes(bytes)}, of which ${readableBytes(missingBytes)} are fetched`],
    ]),
    table(
      files.map((file) => [`    ${printable(file.path)}`, readableBytes(file.bytes), here(file)]),
    ),
    unpinned.length > 0
      ? `  Nobody has told the hash of ${printable(unpinned.join(', '))}.\n  What the hub serves now would be pinned in ${join(plan.modelsFolder, 'models.lock.json')}.\n`
      : '',
  ].join('')
}

/** Whether a licence allows commercial use, in words. */
export const commercialUseText = (allowed: boolean): string =>
  allowed ? 'commercial use allowed' : 'not for commercial use'

const here = ({ present, bytes }: PlannedFile) =>
  present === bytes ? 'here' : present > 0 ? `${readableBytes(present)} are here` : ''

/** A plan as a document. */
export const planDocument = ({ card, source, files, bytes, missingBytes, folder }: PullPlan) => ({
  id: card.id,
  licence: card.licence,
  commercialUse: card.commercialUse,
  source,
  folder,
  bytes,
  missingBytes,
  files: files.map(({ path, bytes, sha256, pinned, present }) => ({
    path,
    bytes,
    sha256,
    pinned,
    present,
  })),
})
