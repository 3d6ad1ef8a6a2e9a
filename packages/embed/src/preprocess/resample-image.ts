import type { RgbImage } from '@assay/core'
import type { Preprocessing } from './preprocessing.js'
import { resamplingFilters } from './resampling-filters.js'
import { mostWeights, resamplingWeights, type ScaledLine } from './resampling-weights.js'
import { weighRow, weighRows } from './weigh-pixels.js'

/** A part of a picture after scaling. */
export interface ScaledPart {
  /** Size of the whole picture after scaling. */
  readonly scaledWidth: number
  readonly scaledHeight: number
  /** The part that is wanted of it. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Multiplications in one step: some milliseconds. */
const stepWork = 2 ** 22

/** Weights that are held at once: 4 MiB. */
const heldWeights = 2 ** 20

/** Pillow shrinks pictures first in height that are higher than so many times their width. */
const tallness = 100

/**
 * A part of a scaled picture, as Pillow's `Image.resize` and `Image.crop` give it, to the bit: rows,
 * then columns, each rounded to 8 bits. Only what the part needs is computed.
 *
 * It stops every few milliseconds, so that whoever drives it can let others run in between.
 */
export function* resampleImage(
  image: RgbImage,
  part: ScaledPart,
  interpolation: Preprocessing['interpolation'],
): Generator<void, RgbImage> {
  const filter = resamplingFilters[interpolation]
  const across: ScaledLine = {
    filter,
    length: image.width,
    scaledLength: part.scaledWidth,
    first: part.left,
    count: part.width,
  }
  const down: ScaledLine = {
    filter,
    length: image.height,
    scaledLength: part.scaledHeight,
    first: part.top,
    count: part.height,
  }
  if (image.height > image.width * tallness && part.scaledHeight < image.height) {
    return yield* scaleWidth(yield* scaleHeight(image, down), across)
  }
  const { first, end } = linesNeeded(down)
  const narrow = yield* scaleWidth(rowsOf(image, first, end), across)
  return yield* scaleHeight(narrow, down, first)
}

/** Which lines of the unscaled picture the wanted part is made from. */
function linesNeeded(line: ScaledLine): { first: number; end: number } {
  const { starts } = resamplingWeights({ ...line, count: 1 })
  const last = resamplingWeights({ ...line, first: line.first + line.count - 1, count: 1 })
  return { first: starts[0]!, end: last.starts[0]! + last.counts[0]! }
}

const rowsOf = ({ width, data }: RgbImage, first: number, end: number): RgbImage => ({
  width,
  height: end - first,
  data: data.subarray(first * width * 3, end * width * 3),
})

function* scaleWidth(image: RgbImage, across: ScaledLine): Generator<void, RgbImage> {
  const { height } = image
  const width = across.count
  const data = new Uint8ClampedArray(width * height * 3)
  const stride = mostWeights(across)
  for (const columns of piecesOf(across, heldWeights / stride)) {
    const weights = resamplingWeights(columns)
    const offset = columns.first - across.first
    const rowsInStep = Math.ceil(stepWork / (stride * columns.count * 3))
    for (let row = 0; row < height; row++) {
      const target = data.subarray((row * width + offset) * 3, (row + 1) * width * 3)
      weighRow(weights, rowsOf(image, row, row + 1).data, target)
      if (row % rowsInStep === rowsInStep - 1) yield
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}

/** @param top which row of the line the picture begins with */
function* scaleHeight(image: RgbImage, down: ScaledLine, top = 0): Generator<void, RgbImage> {
  const { width } = image
  const data = new Uint8ClampedArray(width * down.count * 3)
  const stride = mostWeights(down)
  const rowsInStep = Math.min(heldWeights / stride, stepWork / (stride * width * 3))
  for (const rows of piecesOf(down, rowsInStep)) {
    const { starts, counts, values } = resamplingWeights(rows)
    for (let index = 0; index < rows.count; index++) {
      const first = starts[index]! - top
      const row = rows.first - down.first + index
      weighRows(
        values.subarray(index * stride, index * stride + counts[index]!),
        rowsOf(image, first, first + counts[index]!).data,
        data.subarray(row * width * 3, (row + 1) * width * 3),
      )
    }
    yield
  }
  return { width, height: down.count, data: new Uint8Array(data.buffer) }
}

/** The wanted part of a line, cut into pieces of at most so many pixels, but of one at least. */
function* piecesOf(line: ScaledLine, pixels: number): Generator<ScaledLine> {
  const most = Math.max(1, Math.floor(pixels))
  for (let done = 0; done < line.count; done += most) {
    yield { ...line, first: line.first + done, count: Math.min(most, line.count - done) }
  }
}
