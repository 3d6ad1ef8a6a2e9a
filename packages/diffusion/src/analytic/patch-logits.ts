import type { ShiftedPictures } from './shifted-pictures.js'

/** One shifted picture, to be compared with a noisy one patch by patch. */
export interface PatchComparison {
  readonly pictures: ShiftedPictures
  /** Where its first pixel stands in `pictures`. */
  readonly start: number
  /** Levels of the noisy picture, three planes. */
  readonly levels: Float64Array
  /** Half the side of a patch, rounded down. */
  readonly reach: number
  /** Its log prior. */
  readonly prior: number
  /** What a unit of squared distance takes off. */
  readonly precision: number
}

/** Memory that comparisons share. */
export interface PatchRoom {
  /** One plane of pixels a shifted picture. */
  readonly weights: Float64Array
  /** The largest logit of each pixel so far. */
  readonly peaks: Float64Array
  /** (width + 1) (height + 1) sums. */
  readonly table: Float64Array
}

/**
 * prior - precision |x_Q - y_Q|^2 for the patches Q around every pixel, into the weights from `offset`.
 * A patch ends where the picture ends. Through a summed-area table (Crow 1984, "Summed-area tables for
 * texture mapping"), so that large patches cost as little as small ones.
 */
export function patchLogits(
  { weights, peaks, table }: PatchRoom,
  offset: number,
  comparison: PatchComparison,
): void {
  sumDifferences(table, comparison)
  const { pictures, reach, prior, precision } = comparison
  const { width, height } = pictures
  let pixel = 0
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach) * (width + 1)
    const bottom = Math.min(height, y + reach + 1) * (width + 1)
    for (let x = 0; x < width; x++, pixel++) {
      const left = Math.max(0, x - reach)
      const right = Math.min(width, x + reach + 1)
      const above = table[top + right]! - table[top + left]!
      const logit = prior - precision * (table[bottom + right]! - table[bottom + left]! - above)
      weights[offset + pixel] = logit
      if (logit > peaks[pixel]!) peaks[pixel] = logit
    }
  }
}

/** table[y, x] = the sum of squared differences above y and left of x. */
function sumDifferences(table: Float64Array, { pictures, start, levels }: PatchComparison): void {
  const { width, height, rowStride, planeStride, levels: others } = pictures
  const plane = width * height
  const stride = width + 1
  table.fill(0, 0, stride)
  for (let y = 0; y < height; y++) {
    let sum = 0
    let at = y * width
    let other = start + y * rowStride
    let place = (y + 1) * stride
    table[place++] = 0
    for (let x = 0; x < width; x++, at++, other++, place++) {
      const red = levels[at]! - others[other]!
      const green = levels[at + plane]! - others[other + planeStride]!
      const blue = levels[at + 2 * plane]! - others[other + 2 * planeStride]!
      sum += red * red + green * green + blue * blue
      table[place] = table[place - stride]! + sum
    }
  }
}
