import { join } from 'node:path'
import { contactSheet, type WrittenPictures } from '@assay/diffusion'
import { writeFileAtomic } from '@assay/store'

/** Pictures that one sheet shows: more are too small to look at. */
const mostPictures = 400

/** Most columns of a sheet that has a row a prompt. */
const mostColumns = 12

/**
 * Writes a sheet of the pictures, a row a prompt where all have as many, and tells how many it shows.
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
    ...(perPrompt > 1 && perPrompt <= mostColumns && { columns: perPrompt }),
    signal,
  })
  await writeFileAtomic(file, bytes)
  return shown.length
}
