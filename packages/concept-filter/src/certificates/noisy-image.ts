import type { Random, RgbImage } from '@assay/core'

/**
 * A picture with normal noise on every channel value, as 8-bit pixels again. Rounding and cutting at black
 * and white come after the noise, so they are part of what is smoothed, and the certificate holds with them.
 *
 * @param sigma standard deviation, where black is 0 and white is 1
 */
export function noisyImage(
  { width, height, data }: RgbImage,
  sigma: number,
  random: Random,
): RgbImage {
  const noisy = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at]! + 255 * sigma * random.normal()
    noisy[at] = Math.min(255, Math.max(0, Math.round(value)))
  }
  return { width, height, data: noisy }
}
