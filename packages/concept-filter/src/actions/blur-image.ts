import { AssayError, type RgbImage } from '@assay/core'

/** Values as `blocks` of `length` groups of `group` neighbours each; the mean is taken along the groups. */
interface Axis {
  readonly blocks: number
  readonly length: number
  readonly group: number
}

/**
 * A picture blurred by nearly a Gaussian: three times the mean over a box, whose variances add up to that
 * of the Gaussian. Its time does not depend on sigma. Beyond the edge the picture goes on as at the edge.
 *
 * @param sigma standard deviation in pixels, above 0; rounded to what boxes of whole pixels can do, and at
 *   least 1.4
 * @throws AssayError `INVALID_ARGUMENT`
 *
 * Source: Wells (1986), Efficient synthesis of Gaussian filters by cascaded uniform filters.
 */
export function blurImage({ width, height, data }: RgbImage, sigma: number): RgbImage {
  if (!(sigma > 0 && Number.isFinite(sigma))) throw invalidSigma(sigma)
  // A box of 2 r + 1 pixels has the variance ((2 r + 1)^2 - 1) / 12.
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2))
  const across = { blocks: height, length: width, group: 3 }
  const down = { blocks: 1, length: height, group: 3 * width }
  let values: Float32Array = new Float32Array(data)
  for (const axis of [across, across, across, down, down, down]) {
    values = boxMean(values, axis, radius)
  }
  // Rounded by adding a half, which the array cuts off; means of bytes leave no range.
  return { width, height, data: new Uint8Array(values.map((value) => value + 0.5)) }
}

function boxMean(
  values: Float32Array,
  { blocks, length, group }: Axis,
  radius: number,
): Float32Array {
  const means = new Float32Array(values.length)
  const size = 2 * radius + 1
  const last = length - 1
  for (let block = 0; block < blocks; block += 1) {
    const start = block * length * group
    const groupAt = (at: number) => start + Math.min(last, Math.max(0, at)) * group
    const sums = new Float64Array(group)
    for (let at = -radius; at <= radius; at += 1) addGroup(sums, values, groupAt(at))
    for (let at = 0; at <= last; at += 1) {
      const [here, enters, leaves] = [groupAt(at), groupAt(at + radius + 1), groupAt(at - radius)]
      for (let offset = 0; offset < group; offset += 1) {
        means[here + offset] = sums[offset]! / size
        sums[offset]! += values[enters + offset]! - values[leaves + offset]!
      }
    }
  }
  return means
}

function addGroup(sums: Float64Array, values: Float32Array, start: number): void {
  for (let offset = 0; offset < sums.length; offset += 1) sums[offset]! += values[start + offset]!
}

const invalidSigma = (sigma: number) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'The sigma of a blur must be above 0.',
    value: sigma,
    remedy: 'Give it in pixels, or leave it out for a sixteenth of the longer side.',
  })
