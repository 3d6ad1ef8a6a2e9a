import { availableParallelism } from 'node:os'
import type { EngineSession, ImageEncoder, ImageInput, RgbImage } from '@assay/core'
import type { ModelCard } from '../card/model-card.js'
import { decodeImage } from '../decode/decode-image.js'
import type { ImageLimits } from '../decode/image-limits.js'
import { normalizePixels } from '../preprocess/normalize-pixels.js'
import type { ResizePool } from '../preprocess/resize-pool.js'
import { batchSizeOf, embedItems, type Tower } from './embed-items.js'

/** What an image encoder is made from. */
export interface ImageEncoderParts {
  readonly card: ModelCard
  readonly image: NonNullable<ModelCard['image']>
  readonly session: EngineSession
  readonly fingerprint: string
  /** Whether vectors are brought to unit length. */
  readonly normalize: boolean
  readonly limits: Partial<ImageLimits>
  /** Resizes for the card's preprocessing. */
  readonly resizer: ResizePool
}

/** The image tower of a model. */
export function createImageEncoder(parts: ImageEncoderParts): ImageEncoder {
  const { card, image, session, fingerprint, normalize, limits, resizer } = parts
  const { preprocessing } = image
  const { width, height, background, colourProfile } = preprocessing
  const tower: Tower<ImageInput, RgbImage> = {
    session,
    outputName: image.output.name,
    pooling: image.pooling,
    dimensions: card.dimensions,
    fingerprint,
    normalize,
    stage: 'decode',
    batchSize: batchSizeOf(image.input),
    // Enough that the cores are busy while the model waits, few enough that pixels fit in memory.
    preparations: Math.max(4, availableParallelism() + 2),
    async prepare({ id, source }, signal) {
      const options = { limits, background, colourProfile, name: id, ...(signal && { signal }) }
      const isFile = typeof source === 'string' || source instanceof Uint8Array
      const pixels = isFile ? await decodeImage(source, options) : source
      return resizer.resize(pixels, id)
    },
    // Only here, because waiting pictures take a quarter of the memory as bytes.
    feed(images) {
      const size = 3 * height * width
      const data = new Float32Array(images.length * size)
      for (const [row, pixels] of images.entries()) {
        normalizePixels(pixels, preprocessing, data.subarray(row * size, (row + 1) * size))
      }
      const dims = [images.length, 3, height, width]
      return { [image.input.name]: { type: 'float32', dims, data } }
    },
  }
  return {
    specificationVersion: 1,
    id: card.id,
    dimensions: card.dimensions,
    space: card.space,
    fingerprint,
    embedImages: (images, { signal } = {}) => embedItems(tower, images, signal),
  }
}
