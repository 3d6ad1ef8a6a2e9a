import type { Breather } from './breather.js'
import { halfRange, type Observation } from './observation.js'
import { type PatchRoom, patchLogits } from './patch-logits.js'
import type { ShiftedPictures } from './shifted-pictures.js'

/** A noisy picture, and what its patches are compared with. */
export interface PixelPosteriorOptions {
  readonly pictures: ShiftedPictures
  /** Unnormalised log prior of each picture. */
  readonly logPrior: Float64Array
  readonly observation: Observation
  /** Half the side of a patch, rounded down. */
  readonly reach: number
  readonly breather: Breather
  readonly room: PatchRoom
}

/** A picture mixed pixel by pixel. */
export interface PixelMixture {
  /** Three planes in [-1, 1]. */
  readonly clean: Float64Array
  /** For each picture the mean of its weights over the pixels, all shifts together. */
  readonly shares: Float64Array
}

/** The room that the posterior over these pictures needs; it may be used again. */
export function patchRoom({ width, height, starts, count }: ShiftedPictures): PatchRoom {
  return {
    weights: new Float64Array(count * starts.length * width * height),
    peaks: new Float64Array(width * height),
    table: new Float64Array((width + 1) * (height + 1)),
  }
}

/** The mean over all shifted pictures under each pixel's own posterior, in float64. */
export async function pixelPosterior(options: PixelPosteriorOptions): Promise<PixelMixture> {
  const { pictures, room, breather } = options
  const pixels = room.peaks.length
  const planes = pictures.count * pictures.starts.length
  const sums = new Float64Array(pixels)
  const clean = new Float64Array(3 * pixels)
  const shares = new Float64Array(pictures.count)
  const passes: ((plane: number) => void)[] = [
    (plane) => weighPlane(options, plane),
    (plane) => exponentiatePlane(room, sums, plane),
    (plane) => {
      const share = addPlane(clean, pictures, { plane, weights: room.weights, sums }) / pixels
      shares[Math.floor(plane / pictures.starts.length)]! += share
    },
  ]
  room.peaks.fill(-Infinity)
  for (const pass of passes) {
    for (let plane = 0; plane < planes; plane++) {
      if (breather.due) await breather.take()
      pass(plane)
    }
  }
  for (let at = 0; at < clean.length; at++) clean[at] = clean[at]! / halfRange - 1
  return { clean, shares }
}

/** Planes are pictures, the shifts of one after another. */
const startOf = ({ starts, planeStride }: ShiftedPictures, plane: number): number =>
  Math.floor(plane / starts.length) * 3 * planeStride + starts[plane % starts.length]!

function weighPlane(options: PixelPosteriorOptions, plane: number): void {
  const { pictures, logPrior, observation, reach, room } = options
  const { levels, precision } = observation
  const prior = logPrior[Math.floor(plane / pictures.starts.length)]!
  const start = startOf(pictures, plane)
  const comparison = { pictures, start, levels, reach, prior, precision }
  patchLogits(room, plane * room.peaks.length, comparison)
}

/** Weights below this share of a pixel's largest are below the rounding of their float64 sum. */
const negligible = -40

/** Logits to weights, of which each pixel's largest is 1, and on to the sum at each pixel. */
function exponentiatePlane({ weights, peaks }: PatchRoom, sums: Float64Array, plane: number): void {
  const start = plane * peaks.length
  for (let pixel = 0; pixel < peaks.length; pixel++) {
    const relative = weights[start + pixel]! - peaks[pixel]!
    const weight = relative < negligible ? 0 : Math.exp(relative)
    weights[start + pixel] = weight
    sums[pixel]! += weight
  }
}

interface WeightedPlane {
  readonly plane: number
  readonly weights: Float64Array
  readonly sums: Float64Array
}

/** Adds one shifted picture, weighted; the sum of its weights. */
function addPlane(
  clean: Float64Array,
  pictures: ShiftedPictures,
  { plane, weights, sums }: WeightedPlane,
): number {
  const { width, height, rowStride, planeStride, levels } = pictures
  const pixels = width * height
  const start = startOf(pictures, plane)
  let pixel = 0
  let sum = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const raw = weights[plane * pixels + pixel]!
      if (raw === 0) continue
      const weight = raw / sums[pixel]!
      const place = start + y * rowStride + x
      sum += weight
      clean[pixel]! += weight * levels[place]!
      clean[pixel + pixels]! += weight * levels[place + planeStride]!
      clean[pixel + 2 * pixels]! += weight * levels[place + 2 * planeStride]!
    }
  }
  return sum
}
