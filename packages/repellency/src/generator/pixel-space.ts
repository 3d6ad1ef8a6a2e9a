import { AssayError, type RgbImage } from '@assay/core'
import { eightBitMargin } from '../shield/eight-bit-margin.js'
import type { ShieldSpace } from './shield-space.js'

/**
 * The space of generators that draw pixels: channel planes of red, green and blue in [-1, 1], finished by
 * rounding to 256 levels.
 *
 * @throws AssayError `INVALID_ARGUMENT`; from `toVector` `SHAPE_MISMATCH` for a picture of another size
 */
export function pixelSpace({ width, height }: Pick<RgbImage, 'width' | 'height'>): ShieldSpace {
  if (![width, height].every((side) => Number.isSafeInteger(side) && side >= 1)) {
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `There are no pictures of ${width} x ${height} pixels.`,
      value: [width, height],
      remedy: 'Give whole numbers of at least 1.',
    })
  }
  const dimensions = 3 * width * height
  return {
    name: `pixels ${width}x${height}`,
    dimensions,
    box: [-1, 1],
    margin: eightBitMargin(dimensions),
    toVector(image) {
      assertSize(image, { width, height })
      return planesOf(image)
    },
  }
}

function planesOf({ data }: RgbImage): Float32Array {
  const pixels = data.length / 3
  const planes = new Float32Array(data.length)
  for (let at = 0; at < data.length; at += 1) {
    planes[(at % 3) * pixels + Math.floor(at / 3)] = data[at]! / 127.5 - 1
  }
  return planes
}

function assertSize(image: RgbImage, { width, height }: Pick<RgbImage, 'width' | 'height'>): void {
  const { data } = image
  if (image.width === width && image.height === height && data.length === 3 * width * height) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `A picture of ${image.width} x ${image.height} pixels is not of the space of ${width} x ${height}.`,
    value: [image.width, image.height],
    remedy: 'Give the pixel space of the size that is drawn, and references of that size.',
  })
}
