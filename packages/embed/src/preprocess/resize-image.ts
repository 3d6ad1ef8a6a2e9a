import { setImmediate } from 'node:timers/promises'
import type { RgbImage } from '@assay/core'
import { imageError } from '../decode/image-error.js'
import type { Preprocessing } from './preprocessing.js'
import { needsNoResize, resizeSteps } from './resize-steps.js'

/**
 * A picture of the input's size, with the pixels that Pillow's `Image.resize` would give. Pixels that
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
  if (needsNoResize(image, preprocessing)) return image
  const steps = resizeSteps(image, preprocessing)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    await setImmediate()
  }
}

/** Refuses a picture whose pixels do not fill it. */
export function assertFilled({ width, height, data }: RgbImage, file: string | null): void {
  if (width >= 1 && height >= 1 && data.length === width * height * 3) return
  const reason = `has ${data.length} values for ${width} x ${height} pixels of three`
  throw imageError({ code: 'IMAGE_CORRUPT', file, reason, value: data.length })
}
