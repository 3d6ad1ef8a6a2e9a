import { join, resolve } from 'node:path'
import type { ImageEncoder, ItemFailure, Matrix } from '@assay/core'
import { embedPictures, type Picture } from '@assay/embed'
import { openCache } from '@assay/store'
import type { CommandSession } from '../command-session.js'
import { picturesAt } from '../pictures-at.js'
import { places } from '../places.js'

/** The pictures of a set that could be embedded, in order. */
export interface EmbeddedSet {
  readonly pictures: readonly Picture[]
  /** Raw, one row a picture. */
  readonly embeddings: Matrix
  /** The prompt of each picture, its id where it has none: what tells which pictures are of one kind. */
  readonly prompts: readonly string[]
  readonly failures: readonly ItemFailure[]
}

/** Embeds a folder, archive or table of pictures, or one picture, with the cache. */
export async function embedSet(
  path: string,
  encoder: ImageEncoder,
  { progress, signal }: CommandSession,
): Promise<EmbeddedSet> {
  const set = await picturesAt(resolve(path))
  const { embeddings, failures } = await embedPictures({
    encoder,
    pictures: set.pictures,
    cache: openCache(join(places().cache, 'embeddings')),
    normalize: false,
    progress,
    signal,
  })
  const byId = new Map(set.pictures.map((picture) => [picture.id, picture]))
  const pictures = (embeddings.ids ?? []).flatMap((id) => byId.get(id) ?? [])
  return {
    pictures,
    embeddings,
    prompts: pictures.map(({ id, prompt }) => prompt ?? id),
    failures: [...set.failures, ...failures],
  }
}
