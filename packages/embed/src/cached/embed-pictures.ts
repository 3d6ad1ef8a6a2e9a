import type { ImageEncoder, ImageInput, Progress, RgbImage } from '@assay/core'
import { sha256 } from '@assay/store'
import { defaultImageLimits } from '../decode/image-limits.js'
import { readImageFile } from '../decode/read-image-file.js'
import type { Picture } from '../pictures/picture-set.js'
import { type EmbeddedSet, embedCached } from './embed-cached.js'
import { type EmbeddingCache, embeddingKey } from './embedding-cache.js'

/** What is embedded, by what. */
export interface EmbedPicturesOptions {
  readonly encoder: ImageEncoder
  /** Pictures with distinct ids; those of a `PictureSet` are such. */
  readonly pictures: readonly (ImageInput | Pick<Picture, 'id' | 'source'>)[]
  /** Where embeddings are kept between runs. Default: nowhere. */
  readonly cache?: EmbeddingCache | null
  /**
   * Whether rows have unit length; else they are as the model gives them, from an encoder that was opened
   * with `normalize: false`. Default: true.
   */
  readonly normalize?: boolean
  /** Largest picture file in bytes. Default 64 MiB. */
  readonly fileBytes?: number
  /** What progress calls the work. Default `embed pictures`. */
  readonly task?: string
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/**
 * Embeds pictures, reading and decoding some while the model runs on others; memory stays bounded
 * however many there are. A picture is known by its content: one whose bytes were embedded before, with
 * the same encoder, is taken from the cache. After an abort, or a killed process, the cache holds what
 * was finished, and the same call goes on from there.
 *
 * @throws AssayError `ABORTED`; `DUPLICATE_ID`; `NORMALIZATION_MISMATCH` (an encoder that gives unit
 *   rows where raw ones are asked for); whatever the engine or the cache throws, since that
 *   concerns no single picture
 */
export function embedPictures({
  encoder,
  pictures,
  cache = null,
  normalize = true,
  fileBytes = defaultImageLimits.fileBytes,
  task = 'embed pictures',
  progress = () => {},
  signal,
}: EmbedPicturesOptions): Promise<EmbeddedSet> {
  const { dimensions, fingerprint } = encoder
  const kind = normalize ? 'image' : 'raw-image'
  return embedCached<ImageInput>({
    ids: pictures.map(({ id }) => id),
    async load(index) {
      const { id, source } = pictures[index] as (typeof pictures)[number]
      const read = await contentOf(source, { id, fileBytes })
      const isFile = read instanceof Uint8Array
      const contentHash = () => (isFile ? sha256(read) : pixelHash(read))
      return {
        key: () => embeddingKey({ kind, fingerprint, content: contentHash() }),
        input: { id, source: read },
        bytes: isFile ? read.length : read.data.length,
      }
    },
    embed: (images) => encoder.embedImages(images, signal && { signal }),
    normalize,
    dimensions,
    fingerprint,
    cache,
    task,
    progress,
    signal,
  })
}

function contentOf(
  source: (ImageInput | Picture)['source'],
  { id, fileBytes }: { readonly id: string; readonly fileBytes: number },
): Promise<Uint8Array | RgbImage> | Uint8Array | RgbImage {
  if (typeof source === 'string') return readImageFile({ path: source, file: id, fileBytes })
  return 'read' in source ? source.read({ fileBytes }) : source
}

const pixelHash = ({ width, height, data }: RgbImage): string =>
  sha256(JSON.stringify([width, height, sha256(data)]))
