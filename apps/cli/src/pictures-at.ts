import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type PictureSet, readPictureSet } from '@assay/embed'

/** The pictures of a folder, archive or table, or one picture alone. */
export async function picturesAt(path: string): Promise<Pick<PictureSet, 'pictures' | 'failures'>> {
  const isPicture = /\.(jpe?g|png|webp|avif)$/i.test(path)
  const isFile = isPicture && (await stat(path).catch(() => null))?.isFile()
  if (!isFile) return readPictureSet(path)
  const id = basename(path)
  return { pictures: [{ id, path: id, source: path, prompt: null, metadata: {} }], failures: [] }
}
