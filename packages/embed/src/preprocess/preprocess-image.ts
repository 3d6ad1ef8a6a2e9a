import type { RgbImage } from '@assay/core'
import { normalizePixels } from './normalize-pixels.js'
import type { Preprocessing } from './preprocessing.js'
import { resizeImage } from './resize-image.js'

/**
 * The input of a model for one picture.
 *
 * @returns float32 values of shape [3, height, width]: red, green and blue planes
 */
export async function preprocessImage(
  image: RgbImage,
  preprocessing: Preprocessing,
): Promise<Float32Array> {
  return normalizePixels(await resizeImage(image, preprocessing), preprocessing)
}
