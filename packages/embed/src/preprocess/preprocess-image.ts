import type { RgbImage } from '@assay/core'
import { normalizePixels } from './normalize-pixels.js'
import type { Preprocessing } from './preprocessing.js'
import { resizeImage } from './resize-image.js'

/**
 * The input of a model for one picture.
 *
 * @throws AssayError `IMAGE_CORRUPT`, `IMAGE_TOO_LARGE` where it cannot be resized
 * @returns float32 values of shape [3, height, width]: red, green and blue planes
 */
export async function preprocessImage(
  image: RgbImage,
  preprocessing: Preprocessing,
): Promise<Float32Array> {
  const resized = await resizeImage(image, preprocessing)
  return normalizePixels(resized, preprocessing, new Float32Array(resized.data.length))
}
