import type { RgbImage } from '@assay/core'
import { incompatible } from '../folder/model-errors.js'

/** Channel planes in [-1, 1]: [1, 3, height, width]. */
export interface Planes {
  readonly values: Float32Array
  readonly dims: readonly number[]
}

/**
 * Planes as a picture of 8 bits a channel, or null where a value is no number.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` for anything but one picture of three channels
 */
export function toRgbImage({ values, dims }: Planes): RgbImage | null {
  const [count, channels, height = 0, width = 0] = dims
  const pixels = height * width
  if (count !== 1 || channels !== 3 || dims.length !== 4 || values.length !== 3 * pixels) {
    throw incompatible({
      file: `[${dims}]`,
      message: `A picture came out as [${dims}], not as [1, 3, height, width].`,
      remedy: 'Use a pipeline whose decoder gives red, green and blue.',
    })
  }
  const data = new Uint8Array(3 * pixels)
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if (!Number.isFinite(value)) return null
    const level = Math.round((value + 1) * 127.5)
    data[(at % pixels) * 3 + Math.floor(at / pixels)] = Math.min(Math.max(level, 0), 255)
  }
  return { width, height, data }
}
