import type { Preprocessing } from './preprocessing.js'

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

/** Sides are rounded down, as torchvision does, but are at least one pixel. */
const scaled = ({ width, height }: Size, scale: number, least: Size = { width: 1, height: 1 }) => ({
  width: Math.max(least.width, Math.floor(width * scale + 1e-9)),
  height: Math.max(least.height, Math.floor(height * scale + 1e-9)),
})

const rules: Record<Preprocessing['resize'], Rule> = {
  stretch: (_, { width, height }) => ({ width, height, left: 0, top: 0 }),
  'shortest-side-centre-crop': (picture, input) => {
    const scale =
      input.shortestSide === null
        ? Math.max(input.width / picture.width, input.height / picture.height)
        : input.shortestSide / Math.min(picture.width, picture.height)
    return centred(scaled(picture, scale, input), input)
  },
  pad: (picture, input) => {
    const scale = Math.min(input.width / picture.width, input.height / picture.height)
    return centred(scaled(picture, scale), input)
  },
}

const centred = (size: Size, input: Size): ResizeGeometry => ({
  ...size,
  left: Math.floor((size.width - input.width) / 2),
  top: Math.floor((size.height - input.height) / 2),
})

/** What a resize rule means for a picture of some size. */
export const resizeGeometry: Rule = (picture, preprocessing) =>
  rules[preprocessing.resize](picture, preprocessing)
