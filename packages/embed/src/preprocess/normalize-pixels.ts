import type { RgbImage } from '@assay/core'
import type { Preprocessing } from './preprocessing.js'

type Scaling = Pick<Preprocessing, 'scale' | 'mean' | 'std'>

/** The float32 value of each 8-bit value of a channel: (value * scale - mean) / std in float64. */
function valueTable({ scale, mean, std }: Scaling, channel: number): Float32Array {
  const shift = mean[channel] ?? 0
  const spread = std[channel] ?? 1
  return Float32Array.from({ length: 256 }, (_, value) => (value * scale - shift) / spread)
}

/** Pixels as planes: all of red, then green, then blue, each row by row (the layout CHW). */
export function normalizePixels({ data }: RgbImage, scaling: Scaling): Float32Array {
  const pixels = data.length / 3
  const planes = new Float32Array(data.length)
  for (let channel = 0; channel < 3; channel++) {
    const values = valueTable(scaling, channel)
    const start = channel * pixels
    for (let pixel = 0, at = channel; pixel < pixels; pixel++, at += 3) {
      planes[start + pixel] = values[data[at]!]!
    }
  }
  return planes
}
