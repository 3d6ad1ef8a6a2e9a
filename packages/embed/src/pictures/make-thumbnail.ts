import type { RgbImage } from '@assay/core'
import { sharp } from '../decode/configured-sharp.js'
import { type DecodeImageOptions, decodeImage } from '../decode/decode-image.js'

/** How a thumbnail is made. */
export interface ThumbnailOptions extends DecodeImageOptions {
  /** Longest side in pixels. Default 256. A smaller picture keeps its size. */
  readonly size?: number
}

/** WebP quality: what a person who looks for copies needs, at some 10 kB. */
const quality = 75

/**
 * A small WebP of a picture for people to look at: decoded under the same limits and rules as for an
 * encoder, but with its colour profile applied, and resampled by libvips. It keeps no metadata.
 *
 * @param source path of a picture file, its bytes, or pixels
 * @throws AssayError of kind `image`, `ABORTED`, as `decodeImage`
 */
export async function makeThumbnail(
  source: string | Uint8Array | RgbImage,
  { size = 256, colourProfile = 'convert', ...options }: ThumbnailOptions = {},
): Promise<Uint8Array> {
  const isFile = typeof source === 'string' || source instanceof Uint8Array
  const image = isFile ? await decodeImage(source, { ...options, colourProfile }) : source
  const { data, width, height } = image
  const thumbnail = await sharp(data, {
    raw: { width, height, channels: 3 },
    limitInputPixels: false,
  })
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality })
    .toBuffer()
  return new Uint8Array(thumbnail.buffer, thumbnail.byteOffset, thumbnail.length)
}
