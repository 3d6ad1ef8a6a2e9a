import { join } from 'node:path'
import { contactSheet, type WrittenPictures } from '@assay/diffusion'
import { writeFileAtomic } from '@assay/store'

/** Pictures that one sheet shows: more are too small to look at. */
const mostPictures = 400

/** Most columns of a sheet that keeps the pictures of a prompt in one row. */
const mostColumns = 20

/**
 * Writes a sheet of the pictures, those of a prompt side by side, and tells how many it shows.
 */
export async function writeContactSheet(
  file: string,
  { folder, pictures }: WrittenPictures,
  { perPrompt, signal }: { readonly perPrompt: number; readonly signal: AbortSignal },
): Promise<number> {
  const shown = pictures.slice(0, mostPictures)
  const bytes = await contactSheet({
    pictures: shown.map(({ file_name, prompt }) => ({
      source: join(folder, file_name),
      label: prompt,
    })),
    ...(perPrompt <= mostColumns && { columns: columnsOf(shown.length, perPrompt) }),
    signal,
  })
  await writeFileAtomic(file, bytes)
  return shown.length
}

/** Whole prompts a row, as many as make the sheet about as wide as high. */
const columnsOf = (pictures: number, perPrompt: number): number =>
  perPrompt * Math.max(1, Math.round(Math.sqrt(pictures) / perPrompt))
