import type { RgbImage } from '@assay/core'
import type { RgbColour } from './picture-action.js'

/** The picture that another is fitted into. */
export interface ImageFrame {
  readonly width: number
  readonly height: number
  readonly background: RgbColour
}

/** A picture of one colour. */
export function filledImage({ width, height, background }: ImageFrame): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let at = 0; at < data.length; at += 3) data.set(background, at)
  return { width, height, data }
}

/** A picture whole, as large as fits into a frame, in its middle. */
export function fitImage(image: RgbImage, frame: ImageFrame): RgbImage {
  const scale = Math.min(frame.width / image.width, frame.height / image.height)
  const fitted = resizeImage(image, {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  })
  const left = Math.floor((frame.width - fitted.width) / 2)
  const top = Math.floor((frame.height - fitted.height) / 2)
  const whole = filledImage(frame)
  for (let y = 0; y < fitted.height; y += 1) {
    const row = fitted.data.subarray(3 * y * fitted.width, 3 * (y + 1) * fitted.width)
    whole.data.set(row, 3 * ((top + y) * frame.width + left))
  }
  return whole
}

/** Resamples a picture with a triangle filter, as wide as the pixels of the smaller picture. */
function resizeImage(image: RgbImage, { width, height }: Pick<RgbImage, 'width' | 'height'>) {
  const columns = triangleWeights(image.width, width)
  const rows = triangleWeights(image.height, height)
  const narrow = new Float32Array(3 * width * image.height)
  for (let y = 0; y < image.height; y += 1) {
    for (const [x, weights] of columns.entries()) {
      for (let channel = 0; channel < 3; channel += 1) {
        const start = 3 * y * image.width + channel
        narrow[3 * (y * width + x) + channel] = weighted(image.data, weights, { start, step: 3 })
      }
    }
  }
  const data = new Uint8Array(3 * width * height)
  for (const [y, weights] of rows.entries()) {
    for (let at = 0; at < 3 * width; at += 1) {
      const value = weighted(narrow, weights, { start: at, step: 3 * width })
      data[3 * y * width + at] = Math.round(value)
    }
  }
  return { width, height, data }
}

/** Shares of neighbouring values, from `first` on, that add up to 1. */
interface Weights {
  readonly first: number
  readonly shares: readonly number[]
}

function triangleWeights(from: number, to: number): readonly Weights[] {
  const scale = from / to
  const support = Math.max(1, scale)
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * scale
    const first = Math.max(0, Math.floor(centre - support))
    const end = Math.min(from, Math.ceil(centre + support))
    const heights = Array.from({ length: end - first }, (_, offset) =>
      Math.max(0, 1 - Math.abs(first + offset + 0.5 - centre) / support),
    )
    const total = heights.reduce((sum, height) => sum + height, 0)
    return { first, shares: heights.map((height) => height / total) }
  })
}

function weighted(
  values: Uint8Array | Float32Array,
  { first, shares }: Weights,
  { start, step }: { readonly start: number; readonly step: number },
): number {
  let sum = 0
  for (let at = 0; at < shares.length; at += 1) {
    sum += shares[at]! * values[start + (first + at) * step]!
  }
  return sum
}
