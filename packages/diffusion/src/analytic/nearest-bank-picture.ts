import { AssayError, type RgbImage } from '@assay/core'
import { halfRange } from './observation.js'
import type { PictureBank } from './picture-bank.js'

/** The picture of a bank that another is nearest to. */
export interface NearestBankPicture {
  readonly id: string
  /** Mean square difference, levels told in [-1, 1]: from 0 for a copy to 4. */
  readonly meanSquare: number
}

/**
 * The picture of a bank with the least mean square difference; the first of several.
 *
 * @throws AssayError `SHAPE_MISMATCH` for a picture of another size
 */
export function nearestBankPicture(bank: PictureBank, image: RgbImage): NearestBankPicture {
  const { width, height, captions, pixels } = bank
  const length = 3 * width * height
  if (image.width !== width || image.height !== height || image.data.length !== length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The picture is ${image.width} x ${image.height}, the bank's are ${width} x ${height}.`,
      value: [image.width, image.height],
      remedy: 'Resize the picture to the size of the bank.',
    })
  }
  let best = { row: 0, sum: Infinity }
  for (let row = 0; row < captions.length; row++) {
    const sum = squaredDistance(pixels, row * length, image.data)
    if (sum < best.sum) best = { row, sum }
  }
  const meanSquare = best.sum / (length * halfRange ** 2)
  return { id: captions[best.row]!.id, meanSquare }
}

/** Between planes from `start` on and interleaved pixels. */
function squaredDistance(planes: Uint8Array, start: number, interleaved: Uint8Array): number {
  const pixels = interleaved.length / 3
  let sum = 0
  for (let pixel = 0; pixel < pixels; pixel++) {
    const red = planes[start + pixel]! - interleaved[3 * pixel]!
    const green = planes[start + pixels + pixel]! - interleaved[3 * pixel + 1]!
    const blue = planes[start + 2 * pixels + pixel]! - interleaved[3 * pixel + 2]!
    sum += red * red + green * green + blue * blue
  }
  return sum
}
