import { join, resolve } from 'node:path'
import type { ImageEncoder, ItemFailure, Matrix } from '@assay/core'
import { embedPictures, type Picture } from '@assay/embed'
import { openCache } from '@assay/store'
import type { CommandSession } from '../command-session.js'
import { picturesAt } from '../pictures-at.js'
import { places } from '../places.js'

/** The pictures of a folder that could be embedded. */
export interface EmbeddedFolder {
  readonly items: readonly Pick<Picture, 'id' | 'prompt'>[]
  /** One unit row an item. */
  readonly embeddings: Matrix
  readonly failures: readonly ItemFailure[]
}

/** Embeds the pictures of a folder, archive or table, through the cache. */
export async function embedFolder(
  path: string,
  encoder: ImageEncoder,
  { progress, signal }: CommandSession,
): Promise<EmbeddedFolder> {
  const set = await picturesAt(resolve(path))
  const { embeddings, failures } = await embedPictures({
    encoder,
    pictures: set.pictures,
    cache: openCache(join(places().cache, 'embeddings')),
    progress,
    signal,
  })
  const byId = new Map(set.pictures.map((picture) => [picture.id, picture]))
  return {
    items: (embeddings.ids ?? []).flatMap((id) => byId.get(id) ?? []),
    embeddings,
    failures: [...set.failures, ...failures],
  }
}
