import type { RgbImage } from '@assay/core'
import { sharp } from '../decode/configured-sharp.js'
import type { Preprocessing } from './preprocessing.js'
import { resizeGeometry } from './resize-geometry.js'

/** Names what resamples pixels; part of the preprocessing hash. */
export const resamplerVersion = `libvips ${sharp.versions.vips} geometry 1`

const kernels = { bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const

/**
 * A picture of the input's size. Pixels that already fit are not touched. Resampling is antialiased
 * and works on the decoded pixels alone: decoders that shrink while they load give other pixels.
 */
export async function resizeImage(
  image: RgbImage,
  preprocessing: Preprocessing,
): Promise<RgbImage> {
  const { width, height, background, interpolation } = preprocessing
  const geometry = resizeGeometry(image, preprocessing)
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
