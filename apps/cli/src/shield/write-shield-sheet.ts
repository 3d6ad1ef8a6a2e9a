import { join, resolve } from 'node:path'
import { writeContactSheet } from '../generators/write-contact-sheet.js'
import { writeComparisonSheet } from './comparison-sheet.js'
import type { ShieldedPictures } from './draw-shielded.js'

/** A sheet, with how many pictures it shows of how many. */
export interface WrittenSheet {
  readonly path: string
  readonly shown: number
  readonly pictures: number
}

/**
 * Writes a sheet to look at into the folder of shielded pictures: beside what they are nearest to where they
 * were compared, and else by prompt. Null where there is nothing to show.
 */
export async function writeShieldSheet(
  { shielded, base, radii }: ShieldedPictures,
  { perPrompt, signal }: { readonly perPrompt: number; readonly signal: AbortSignal },
): Promise<WrittenSheet | null> {
  const { written, compared } = shielded
  const pictures = written.pictures.length
  if (pictures === 0) return null
  const path = join(written.folder, 'contact-sheet.png')
  const radius = radii.protection?.radius ?? null
  const shown =
    radius === null || compared.length === 0
      ? await writeContactSheet(resolve(path), written, { perPrompt, signal })
      : await writeComparisonSheet(path, {
          ...{ shielded: compared, base: base?.compared ?? [], radius, signal },
        })
  return { path, shown, pictures }
}
