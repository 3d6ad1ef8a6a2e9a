import type { RgbImage } from '@assay/core'

/**
 * A picture blurred by a Gaussian sampled at whole pixels up to four standard deviations, in floating point;
 * beyond the edge the picture goes on as at the edge. sharp's own blur cuts small kernels off and rounds
 * their weights, so that a sigma of .5 would do nothing, or darken.
 *
 * @param sigma standard deviation in pixels, above 0
 */
export function gaussianBlur({ width, height, data }: RgbImage, sigma: number): RgbImage {
  const kernel = gaussianKernel(sigma)
  const across = blurAlong(Float64Array.from(data), kernel, { length: width, stride: 3 })
  const both = blurAlong(across, kernel, { length: height, stride: 3 * width })
  return { width, height, data: Uint8Array.from(both, Math.round) }
}

function gaussianKernel(sigma: number): Float64Array {
  const reach = Math.ceil(4 * sigma)
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Blurs along one axis, whose neighbours lie `stride` values apart. */
function blurAlong(
  values: Float64Array,
  kernel: Float64Array,
  { length, stride }: { readonly length: number; readonly stride: number },
): Float64Array {
  const reach = (kernel.length - 1) / 2
  return values.map((_, at) => {
    const place = Math.floor(at / stride) % length
    const start = at - place * stride
    let sum = 0
    for (let offset = -reach; offset <= reach; offset += 1) {
      const neighbour = Math.min(length - 1, Math.max(0, place + offset))
      sum += kernel[offset + reach]! * values[start + neighbour * stride]!
    }
    return sum
  })
}
