import type { Preprocessing } from './preprocessing.js'
import { roundHalfToEven } from './round-half-to-even.js'

/** How a picture gets the size of the input: scaled to `width` x `height`, then cut or padded. */
export interface ResizeGeometry {
  /** Size after scaling. */
  readonly width: number
  readonly height: number
  /**
   * Where the input's top left corner lies in the scaled picture. Negative: that many pixels of
   * background before it.
   */
  readonly left: number
  readonly top: number
}

interface Size {
  readonly width: number
  readonly height: number
}

type Rule = (picture: Size, preprocessing: Preprocessing) => ResizeGeometry

const whole = { floor: Math.floor, round: roundHalfToEven } as const

const rules: Record<Preprocessing['resize'], Rule> = {
  stretch: (_, { width, height }) => ({ width, height, left: 0, top: 0 }),

  'shortest-side-centre-crop'(picture, input) {
    const { shortestSide, scaledSide, cropOffset } = input
    const { width, height } = coveringSize(
      picture,
      shortestSide === null ? input : { width: shortestSide, height: shortestSide },
      whole[scaledSide],
    )
    return {
      width,
      height,
      left: whole[cropOffset]((width - input.width) / 2),
      top: whole[cropOffset]((height - input.height) / 2),
    }
  },

  pad(picture, input) {
    const { width, height } = fittingSize(picture, input)
    return {
      width,
      height,
      // Of an odd margin the smaller part lies before the picture.
      left: Math.floor((width - input.width + 1) / 2),
      top: Math.floor((height - input.height + 1) / 2),
    }
  },
}

/**
 * The smallest size of the same proportions that covers a box. As in torchvision's `Resize`: side x other
 * / shortest, in this order, which is exact where the result is whole.
 */
function coveringSize(picture: Size, box: Size, round: (value: number) => number): Size {
  return picture.width * box.height <= picture.height * box.width
    ? { width: box.width, height: round((box.width * picture.height) / picture.width) }
    : { width: round((box.height * picture.width) / picture.height), height: box.height }
}

/**
 * The largest size of the same proportions that fits into a box, but no side less than one pixel. As in
 * HPSv2: each side x (box / longest), halves to even.
 */
function fittingSize(picture: Size, box: Size): Size {
  const scale = Math.min(box.width / picture.width, box.height / picture.height)
  const side = (length: number) => Math.max(1, roundHalfToEven(length * scale))
  return { width: side(picture.width), height: side(picture.height) }
}

/** What a resize rule means for a picture of some size. */
export const resizeGeometry: Rule = (picture, preprocessing) =>
  rules[preprocessing.resize](picture, preprocessing)
