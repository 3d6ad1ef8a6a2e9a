import type { RgbImage } from '@assay/core'
import type { Preprocessing } from './preprocessing.js'
import { resampleImage } from './resample-image.js'
import { type ResizeGeometry, resizeGeometry } from './resize-geometry.js'

interface Size {
  readonly width: number
  readonly height: number
}

const hasSize = (image: Size, { width, height }: Size): boolean =>
  image.width === width && image.height === height

/** Whether a picture is a model's input as it is. */
export const needsNoResize = (image: RgbImage, preprocessing: Preprocessing): boolean =>
  hasSize(image, preprocessing) && hasSize(image, resizeGeometry(image, preprocessing))

/**
 * A picture of the input's size, scaled, cut and padded by the rule of its preprocessing. It stops every
 * few milliseconds, so that whoever drives it can let others run in between.
 */
export function* resizeSteps(
  image: RgbImage,
  preprocessing: Preprocessing,
): Generator<void, RgbImage> {
  const { width, height, interpolation, background } = preprocessing
  const geometry = resizeGeometry(image, preprocessing)
  const part = {
    scaledWidth: geometry.width,
    scaledHeight: geometry.height,
    left: Math.max(0, geometry.left),
    top: Math.max(0, geometry.top),
    width: Math.min(width, geometry.width),
    height: Math.min(height, geometry.height),
  }
  const scaled = yield* resampleImage(image, part, interpolation)
  if (hasSize(scaled, preprocessing)) return scaled
  return padded(scaled, { ...geometry, width, height }, background)
}

/** A picture within background. `left` and `top` of the frame are not positive. */
function padded(
  image: RgbImage,
  { width, height, left, top }: ResizeGeometry,
  background: Preprocessing['background'],
): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < data.length; at += 3) data.set(background, at)
  const row = image.width * 3
  for (let y = 0; y < image.height; y++) {
    const start = ((y - top) * width - left) * 3
    data.set(image.data.subarray(y * row, (y + 1) * row), start)
  }
  return { width, height, data }
}
