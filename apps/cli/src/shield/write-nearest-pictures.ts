import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeThumbnail } from '@assay/embed'
import type { ShieldEvidence } from '@assay/repellency'
import { shieldComparisons } from '@assay/repellency/audit'
import { writeFileAtomic } from '@assay/store'
import type { SourcePicture } from './source-pictures.js'

/** What is written where. */
export interface NearestPicturesOptions {
  /** Folder of the shielded pictures. */
  readonly folder: string
  readonly evidence: ShieldEvidence
  /** The protected pictures; none where they are kept as numbers. */
  readonly known: readonly SourcePicture[]
  readonly signal: AbortSignal
}

/**
 * Writes the protected pictures that the report shows beside the outputs, small, into the folder `nearest` of
 * the shielded pictures: they may lie in no folder themselves. Nothing is written where no protected picture is
 * at hand.
 */
export async function writeNearestPictures({
  folder,
  evidence,
  known,
  signal,
}: NearestPicturesOptions): Promise<void> {
  const names = new Set(
    shieldComparisons(evidence).flatMap(({ picture, base }) => [
      ...(base?.finishedNearest ? [base.finishedNearest.reference] : []),
      ...(picture.finishedNearest ? [picture.finishedNearest.reference] : []),
    ]),
  )
  if (known.length === 0) return
  const pictures = known.filter(({ id }) => names.has(id))
  const nearest = join(folder, 'nearest')
  await mkdir(nearest, { recursive: true })
  const rows: string[] = []
  for (const [at, picture] of pictures.entries()) {
    const file = `${at + 1}.webp`
    await writeFileAtomic(join(nearest, file), await makeThumbnail(await picture.decode(signal)))
    rows.push(`${JSON.stringify({ file_name: file, reference: picture.id })}\n`)
  }
  await writeFileAtomic(join(nearest, 'metadata.jsonl'), rows.join(''))
}
