import type { RgbImage } from '@assay/core'
import { sharp } from '../decode/configured-sharp.js'
import { imageError } from '../decode/image-error.js'
import type { Preprocessing } from './preprocessing.js'
import { type ResizeGeometry, resizeGeometry } from './resize-geometry.js'

/** Names what resamples pixels; part of the preprocessing hash. */
export const resamplerVersion = `libvips ${sharp.versions.vips} geometry 1`

const kernels = { bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const

/** Longest side of a picture before its middle is cut out: a sliver of one pixel would become endless. */
const longestScaledSide = 2 ** 22

/**
 * A picture of the input's size. Pixels that already fit are not touched. Resampling is antialiased
 * and works on the decoded pixels alone: decoders that shrink while they load give other pixels.
 *
 * @param file what errors call the picture
 * @throws AssayError `IMAGE_CORRUPT` where the pixels do not fill the picture, `IMAGE_TOO_LARGE` where
 *   it is so long and thin that it cannot be scaled
 */
export async function resizeImage(
  image: RgbImage,
  preprocessing: Preprocessing,
  file: string | null = null,
): Promise<RgbImage> {
  const { width, height, background, interpolation } = preprocessing
  assertFilled(image, file)
  const geometry = resizeGeometry(image, preprocessing)
  assertScalable(geometry, file)
  const { left, top } = geometry
  const keepsScale = geometry.width === image.width && geometry.height === image.height
  if (keepsScale && image.width === width && image.height === height) return image
  const picture = sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
    limitInputPixels: false,
  })
  if (!keepsScale) {
    const kernel = kernels[interpolation]
    picture.resize(geometry.width, geometry.height, { fit: 'fill', kernel })
  }
  if (preprocessing.resize === 'pad') {
    const [r, g, b] = background
    picture.extend({
      left: -left,
      right: width - geometry.width + left,
      top: -top,
      bottom: height - geometry.height + top,
      background: { r, g, b },
    })
  } else picture.extract({ left, top, width, height })
  const data = await picture.raw().toBuffer()
  return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
}

function assertFilled({ width, height, data }: RgbImage, file: string | null): void {
  if (width >= 1 && height >= 1 && data.length === width * height * 3) return
  const reason = `has ${data.length} values for ${width} x ${height} pixels of three`
  throw imageError({ code: 'IMAGE_CORRUPT', file, reason, value: data.length })
}

function assertScalable({ width, height }: ResizeGeometry, file: string | null): void {
  if (Math.max(width, height) <= longestScaledSide) return
  const reason = `would be scaled to ${width} x ${height}, over the limit of ${longestScaledSide} a side`
  throw imageError({ code: 'IMAGE_TOO_LARGE', file, reason, value: Math.max(width, height) })
}
