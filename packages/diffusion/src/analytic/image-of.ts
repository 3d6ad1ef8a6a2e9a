import type { RgbImage } from '@assay/core'
import { halfRange } from './observation.js'

/** The picture `row` of a state in [-1, 1], planes to pixels, rounded to levels. */
export function imageOf(
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
  state: Float32Array,
  row: number,
): RgbImage {
  const pixels = width * height
  const data = new Uint8Array(3 * pixels)
  for (let at = 0; at < data.length; at++) {
    const level = Math.round(
      (state[(3 * row + (at % 3)) * pixels + Math.floor(at / 3)]! + 1) * halfRange,
    )
    data[at] = Math.min(Math.max(level, 0), 255)
  }
  return { width, height, data }
}
