import type { RgbImage } from '@assay/core'

/** A picture as attacks change it: red, green, blue in [0, 1], interleaved, row after row. */
export interface FloatImage {
  readonly width: number
  readonly height: number
  /** Length `width * height * 3`. */
  readonly data: Float64Array
}

/** The 8-bit values over 255. */
export function toFloatImage({ width, height, data }: RgbImage): FloatImage {
  return { width, height, data: Float64Array.from(data, (value) => value / 255) }
}

/** The nearest 8-bit picture: what a deployed filter gets to see. */
export function toRgbImage({ width, height, data }: FloatImage): RgbImage {
  const values = Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))
  return { width, height, data: values }
}
