import type { RgbImage } from '@assay/core'
import type { Preprocessing } from './preprocessing.js'

type Scaling = Pick<Preprocessing, 'scale' | 'mean' | 'std'>

/**
 * The float32 value of each 8-bit value of a channel: (value * scale - mean) / std, rounded to float32
 * after each operation, as torchvision and transformers do it. Quantised models tell the difference.
 */
function valueTable({ scale, mean, std }: Scaling, channel: number): Float32Array {
  const shift = Math.fround(mean[channel] ?? 0)
  const spread = Math.fround(std[channel] ?? 1)
  return Float32Array.from(
    { length: 256 },
    (_, value) => Math.fround(Math.fround(value * scale) - shift) / spread,
  )
}

/**
 * Writes pixels as planes: all of red, then green, then blue, each row by row (the layout CHW).
 *
 * @param planes takes as many values as the picture has
 */
export function normalizePixels(
  { data }: RgbImage,
  scaling: Scaling,
  planes: Float32Array,
): Float32Array {
  const pixels = data.length / 3
  for (let channel = 0; channel < 3; channel++) {
    const values = valueTable(scaling, channel)
    const start = channel * pixels
    for (let pixel = 0, at = channel; pixel < pixels; pixel++, at += 3) {
      planes[start + pixel] = values[data[at]!]!
    }
  }
  return planes
}
