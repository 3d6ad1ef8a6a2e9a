import { resolve } from 'node:path'
import type { ItemFailure, RgbImage } from '@assay/core'
import { decodeImage } from '@assay/embed'
import { picturesAt } from '../pictures-at.js'

/** A picture that is decoded when it is needed. */
export interface SourcePicture {
  readonly id: string
  readonly prompt: string | null
  /** Its pixels, transparent ones on white. */
  decode(signal?: AbortSignal): Promise<RgbImage>
}

/** Pictures, and those that are left out. */
export interface SourcePictures {
  readonly pictures: readonly SourcePicture[]
  readonly failures: readonly ItemFailure[]
}

/** The pictures of a folder, archive or table, or one picture. */
export async function sourcePictures(path: string): Promise<SourcePictures> {
  const { pictures, failures } = await picturesAt(resolve(path))
  return {
    pictures: pictures.map(({ id, prompt, source }) => ({
      id,
      prompt,
      async decode(signal) {
        const bytes = typeof source === 'string' ? source : await source.read()
        return decodeImage(bytes, { name: id, ...(signal && { signal }) })
      },
    })),
    failures,
  }
}
