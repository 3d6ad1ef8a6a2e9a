import { contactSheet, type SheetPicture } from '@assay/diffusion'
import { writeFileAtomic } from '@assay/store'
import type { ComparedPicture } from './nearest-protected.js'

/** Rows that one sheet shows: more are too small to look at. */
const mostRows = 60

/** What stands beside each other. */
export interface ComparisonSheetOptions {
  /** Pictures drawn with a shield. */
  readonly shielded: readonly ComparedPicture[]
  /** Pictures of the same prompts and seeds without it; empty where none were drawn. */
  readonly base: readonly ComparedPicture[]
  readonly radius: number
  readonly signal: AbortSignal
}

/**
 * Writes a sheet with a row a picture: without a shield and what it is nearest to, with the shield and what
 * it is nearest to; those come first that are nearest to a protected one by themselves. Tells how many rows
 * it has.
 */
export async function writeComparisonSheet(
  file: string,
  { shielded, base, radius, signal }: ComparisonSheetOptions,
): Promise<number> {
  const baseOf = new Map(base.map((each) => [each.picture.id, each]))
  const without = ({ picture }: ComparedPicture) => baseOf.get(picture.id) ?? null
  const nearness = (each: ComparedPicture) => without(each)?.distance ?? each.distance
  const rows = shielded
    .toSorted((one, other) => nearness(one) - nearness(other))
    .slice(0, mostRows)
    .map((each) => (base.length > 0 ? [without(each), each] : [each]))
  const { rowsBeside, columns } = layoutOf(rows.length, base.length > 0 ? 4 : 2)
  const pictures: SheetPicture[] = []
  for (const row of rows) {
    for (const compared of row) pictures.push(...(await pairOf(compared, radius, signal)))
    if (rowsBeside > 1) pictures.push({ source: blank })
  }
  await writeFileAtomic(file, await contactSheet({ pictures, columns, signal }))
  return rows.length
}

/** A cell with its label is about so much higher than wide. */
const cellHeight = 1.22

/** So many rows beside each other, with a free column after each, that the sheet is about a square. */
function layoutOf(rows: number, pictures: number) {
  const rowsBeside = Math.max(1, Math.round(Math.sqrt((rows * cellHeight) / (pictures + 1))))
  return { rowsBeside, columns: rowsBeside > 1 ? rowsBeside * (pictures + 1) : pictures }
}

const blank = { width: 1, height: 1, data: Uint8Array.of(255, 255, 255) }

/** A picture with its prompt, and the protected one that it is nearest to with how near that is. */
async function pairOf(
  compared: ComparedPicture | null,
  radius: number,
  signal: AbortSignal,
): Promise<SheetPicture[]> {
  if (compared === null) return [{ source: blank }, { source: blank }]
  const { picture, nearestPicture, nearest, distance } = compared
  const source = nearestPicture === null ? blank : await nearestPicture.decode(signal)
  const side = distance < radius ? 'INSIDE: ' : ''
  const near = `${side}${(distance / radius).toFixed(2)} radii from ${nearest ?? 'a reference'}`
  return [
    { source: await picture.decode(signal), label: picture.prompt ?? picture.id },
    { source, label: near },
  ]
}
