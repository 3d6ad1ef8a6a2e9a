import { AssayError, type RgbImage } from '@assay/core'
import type { RgbColour } from './picture-action.js'

/** Checks that the pixels of a picture fill it. @throws AssayError `SHAPE_MISMATCH` */
export function assertImage({ width, height, data }: RgbImage): void {
  if (width >= 1 && height >= 1 && data.length === width * height * 3) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${data.length} bytes do not fill a picture of ${width} x ${height} pixels.`,
    value: { width, height, bytes: data.length },
    remedy: 'Give red, green and blue, one byte each, for every pixel.',
  })
}

/** Checks that a picture has the size of another. @throws AssayError `SHAPE_MISMATCH` */
export function assertSameSize(given: RgbImage, { width, height }: RgbImage): void {
  if (given.width === width && given.height === height) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `The callback gave ${given.width} x ${given.height} pixels for ${width} x ${height}.`,
    value: { width: given.width, height: given.height },
    remedy: 'Give a picture of the same size.',
  })
}

/** Checks that a colour has three whole numbers from 0 to 255. @throws AssayError `INVALID_ARGUMENT` */
export function assertColour(colour: RgbColour): void {
  const isByte = (value: number) => Number.isInteger(value) && value >= 0 && value <= 255
  if (colour.length === 3 && colour.every(isByte)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'A colour is red, green and blue, each a whole number from 0 to 255.',
    value: colour,
    remedy: 'Give for instance [255, 255, 255] for white.',
  })
}
