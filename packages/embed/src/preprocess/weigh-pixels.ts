import { type ResamplingWeights, weightBits } from './resampling-weights.js'

/**
 * One half as a weight, to round by. Inside of the loops' functions it must be seen to be a 32-bit whole
 * number: a constant of the module is a variable once bundled, and sums that start with it are slow.
 */
const half = (): number => 1 << (weightBits - 1)

/** Writes a scaled row of RGB pixels. Values are rounded, and clamped by `target`. */
export function weighRow(
  { starts, counts, values, stride }: ResamplingWeights,
  row: Uint8Array,
  target: Uint8ClampedArray,
): void {
  for (let output = 0; output < starts.length; output++) {
    const first = output * stride
    const last = first + counts[output]!
    let red = half()
    let green = half()
    let blue = half()
    for (let tap = first, at = starts[output]! * 3; tap < last; tap++, at += 3) {
      const weight = values[tap]!
      red = (red + Math.imul(row[at]!, weight)) | 0
      green = (green + Math.imul(row[at + 1]!, weight)) | 0
      blue = (blue + Math.imul(row[at + 2]!, weight)) | 0
    }
    target[output * 3] = red >> weightBits
    target[output * 3 + 1] = green >> weightBits
    target[output * 3 + 2] = blue >> weightBits
  }
}

/** Writes one row of RGB pixels, the weighted sum of the first rows of `rows`, each as long as `target`. */
export function weighRows(weights: Int32Array, rows: Uint8Array, target: Uint8ClampedArray): void {
  const { length } = target
  for (let column = 0; column < length; column += 3) {
    let red = half()
    let green = half()
    let blue = half()
    for (let row = 0, at = column; row < weights.length; row++, at += length) {
      const weight = weights[row]!
      red = (red + Math.imul(rows[at]!, weight)) | 0
      green = (green + Math.imul(rows[at + 1]!, weight)) | 0
      blue = (blue + Math.imul(rows[at + 2]!, weight)) | 0
    }
    target[column] = red >> weightBits
    target[column + 1] = green >> weightBits
    target[column + 2] = blue >> weightBits
  }
}
