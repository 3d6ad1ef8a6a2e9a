import { setImmediate } from 'node:timers/promises'
import type { RgbImage } from '@assay/core'
import type { RgbColour } from '../decode/decode-image.js'
import { imageError } from '../decode/image-error.js'
import type { Preprocessing } from './preprocessing.js'
import { resampleImage } from './resample-image.js'
import { type ResizeGeometry, resizeGeometry } from './resize-geometry.js'

/** Names what resamples pixels; part of the preprocessing hash. */
export const resamplerVersion = 'pillow 1 geometry 2'

/**
 * A picture of the input's size, its pixels as Pillow's `Image.resize` would give them. Pixels that
 * already fit are not touched. It lets others run every few milliseconds.
 *
 * @param file what errors call the picture
 * @throws AssayError `IMAGE_CORRUPT` where the pixels do not fill the picture
 */
export async function resizeImage(
  image: RgbImage,
  preprocessing: Preprocessing,
  file: string | null = null,
): Promise<RgbImage> {
  assertFilled(image, file)
  const geometry = resizeGeometry(image, preprocessing)
  const size = { width: preprocessing.width, height: preprocessing.height }
  if (hasSize(image, size) && hasSize(image, geometry)) return image
  const steps = resampleImage(image, partOf(geometry, size), preprocessing.interpolation)
  let step = steps.next()
  while (!step.done) {
    await setImmediate()
    step = steps.next()
  }
  return padded(step.value, { ...geometry, ...size }, preprocessing.background)
}

interface Size {
  readonly width: number
  readonly height: number
}

const hasSize = (image: Size, { width, height }: Size): boolean =>
  image.width === width && image.height === height

/** What of the scaled picture lies in the input. */
const partOf = ({ width, height, left, top }: ResizeGeometry, input: Size) => ({
  scaledWidth: width,
  scaledHeight: height,
  left: Math.max(0, left),
  top: Math.max(0, top),
  width: Math.min(width, input.width),
  height: Math.min(height, input.height),
})

/** A picture within background, where it is smaller than the input. */
function padded(image: RgbImage, input: ResizeGeometry, background: RgbColour): RgbImage {
  const { width, height } = input
  if (hasSize(image, input)) return image
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => background[index % 3]!)
  const row = image.width * 3
  for (let y = 0; y < image.height; y++) {
    const start = ((y - input.top) * width - input.left) * 3
    data.set(image.data.subarray(y * row, (y + 1) * row), start)
  }
  return { width, height, data }
}

function assertFilled({ width, height, data }: RgbImage, file: string | null): void {
  if (width >= 1 && height >= 1 && data.length === width * height * 3) return
  const reason = `has ${data.length} values for ${width} x ${height} pixels of three`
  throw imageError({ code: 'IMAGE_CORRUPT', file, reason, value: data.length })
}
