import { join } from 'node:path'
import type { WrittenPictures } from '@assay/diffusion'
import { decodeImage } from '@assay/embed'
import type { SourcePicture } from './source-pictures.js'

/** Pictures of a folder as they stand there, to be read again. */
export const writtenPictures = ({
  folder,
  pictures,
}: Pick<WrittenPictures, 'folder' | 'pictures'>): readonly SourcePicture[] =>
  pictures.map(({ file_name: id, prompt }) => ({
    id,
    prompt,
    decode: (signal) => decodeImage(join(folder, id), { name: id, ...(signal && { signal }) }),
  }))
