import { AssayError } from '@assay/core'
import type { ModelCard } from '@assay/embed'
import { type CommandSession, embedsNoPictures } from '../command-session.js'
import type { SourcePicture } from './source-pictures.js'
import { embeddingVectors, pixelVectors, type VectorSpace } from './vector-space.js'

/** A space by its name after `--space`. */
export interface ComparisonSpace {
  readonly space: VectorSpace
  /** The encoder's card; null for pixels. */
  readonly card: ModelCard | null
}

/**
 * The space that pictures are compared in: `pixels`, of the size of the first that can be read, or the unit
 * embeddings of an encoder.
 *
 * @throws AssayError `MODEL_UNKNOWN`, `MODEL_INCOMPATIBLE`; `EMPTY_INPUT` where no picture can be read
 */
export async function comparisonSpace(
  name: string,
  pictures: readonly SourcePicture[],
  session: CommandSession,
): Promise<ComparisonSpace> {
  if (name === 'pixels') return { space: await pixelsOf(pictures, session.signal), card: null }
  const { card, image } = await session.openEncoder(name, { normalize: true })
  if (image === null) throw embedsNoPictures(card.id)
  return { space: embeddingVectors(image), card }
}

async function pixelsOf(
  pictures: readonly SourcePicture[],
  signal: AbortSignal,
): Promise<VectorSpace> {
  let cause: unknown
  for (const picture of pictures) {
    try {
      return pixelVectors(await picture.decode(signal))
    } catch (error) {
      signal.throwIfAborted()
      cause = error // The next one may say how large they are.
    }
  }
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'None of the pictures can be read.',
    value: pictures.length,
    remedy: 'Name a folder with pictures.',
    cause,
  })
}
