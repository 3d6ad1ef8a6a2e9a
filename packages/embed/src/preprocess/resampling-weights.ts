import type { ResamplingFilter } from './resampling-filters.js'

/** Bits after the binary point of a weight: 32, less 8 of a value, less 2 for a sign and for overshoot. */
export const weightBits = 22

/** Which pixels of a line each pixel of a resampled line is made from, and how much of each. */
export interface ResamplingWeights {
  /** First pixel of the line that counts, for each output. */
  readonly starts: Int32Array
  /** Number of pixels that count, for each output. */
  readonly counts: Int32Array
  /** `stride` weights for each output, as multiples of 2^-{@link weightBits}. */
  readonly values: Int32Array
  readonly stride: number
}

/** A line that is scaled, and the part of it that is wanted after scaling. */
export interface ScaledLine {
  readonly filter: ResamplingFilter
  /** Pixels of the line, before and after scaling. */
  readonly length: number
  readonly scaledLength: number
  /** Pixels that are wanted of the scaled line. */
  readonly first: number
  readonly count: number
}

/** Most pixels that one pixel of a scaled line is made from. */
export const mostWeights = ({ filter, length, scaledLength }: ScaledLine): number =>
  2 * Math.ceil(filter.support * Math.max(1, length / scaledLength)) + 1

const toFixedPoint = (value: number): number =>
  Math.trunc(value * 2 ** weightBits + (value < 0 ? -0.5 : 0.5))

/**
 * Weights for the wanted pixels of a scaled line. A line that shrinks is seen through a filter as much
 * wider, so that no pixel is skipped. The weights of a pixel sum to one before they are rounded.
 */
export function resamplingWeights(line: ScaledLine): ResamplingWeights {
  const { filter, length, scaledLength, first, count } = line
  const scale = length / scaledLength
  const width = Math.max(1, scale)
  const narrowing = 1 / width
  const support = filter.support * width
  const stride = mostWeights(line)
  const starts = new Int32Array(count)
  const counts = new Int32Array(count)
  const values = new Int32Array(count * stride)
  const exact = new Float64Array(stride)
  for (let output = 0; output < count; output++) {
    const centre = (first + output + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(length, Math.trunc(centre + support + 0.5))
    let sum = 0
    for (let pixel = start; pixel < end; pixel++) {
      const weight = filter.weight((pixel - centre + 0.5) * narrowing)
      exact[pixel - start] = weight
      sum += weight
    }
    for (let tap = 0; tap < end - start; tap++) {
      values[output * stride + tap] = toFixedPoint(sum === 0 ? exact[tap]! : exact[tap]! / sum)
    }
    starts[output] = start
    counts[output] = end - start
  }
  return { starts, counts, values, stride }
}
