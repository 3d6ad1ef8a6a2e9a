import type { FloatArray } from './float-array.js'
import type { Clipping } from './schedule.js'
import { selectRank } from './select-rank.js'

/** What to clip, and where the result goes. */
export interface ClipOptions {
  readonly clean: FloatArray
  /** As long as `clean`; may be the same array. */
  readonly clipped: FloatArray
  readonly rows: number
}

/** The quantile of absolute values, linear between neighbours. */
function absoluteQuantile(values: FloatArray, quantile: number): number {
  const sizes = values.slice()
  for (let at = 0; at < sizes.length; at++) sizes[at] = Math.abs(sizes[at]!)
  const position = quantile * (sizes.length - 1)
  const below = Math.floor(position)
  const low = selectRank(sizes, below)
  if (below === position) return low
  const high = selectRank(sizes.subarray(below + 1), 0)
  return low + (position - below) * (high - low)
}

/**
 * Clips predicted clean pictures, a row at a time. Dynamic thresholding divides a row by its
 * threshold (Saharia et al. 2022, "Photorealistic text-to-image diffusion models with deep language
 * understanding", section 2.3); the threshold is held to [1, maximum] as in diffusers.
 */
export function clipPrediction(clipping: Clipping, { clean, clipped, rows }: ClipOptions): void {
  const length = clean.length / rows
  for (let start = 0; start < clean.length; start += length) {
    let limit = clipping.type === 'range' ? clipping.limit : 1
    let scale = 1
    if (clipping.type === 'dynamic') {
      const threshold = absoluteQuantile(clean.subarray(start, start + length), clipping.quantile)
      limit = Math.min(Math.max(threshold, 1), clipping.maximum)
      scale = limit
    }
    for (let at = start; at < start + length; at++) {
      clipped[at] = Math.min(Math.max(clean[at]!, -limit), limit) / scale
    }
  }
}
