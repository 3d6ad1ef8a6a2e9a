import type { GraphValue } from '../graph-node.js'
import { div } from './arithmetic.js'
import { clamp } from './comparison.js'
import { reduceL2 } from './reductions.js'

/** Settings of `l2Normalize`. */
export interface L2NormalizeOptions {
  /** The axis that holds a vector. Default: the last. */
  readonly axis?: number
  /** Least length to divide by, so that a zero vector stays zero instead of NaN. Default 1e-12. */
  readonly epsilon?: number
}

/**
 * Each vector divided by its Euclidean length. A vector shorter than `epsilon`, or so short that its
 * squares vanish in the element type, does not get unit length.
 */
export function l2Normalize(
  a: GraphValue,
  { axis = -1, epsilon = 1e-12 }: L2NormalizeOptions = {},
): GraphValue {
  const length = reduceL2(a, { axes: [axis], keepDimensions: true })
  return div(a, clamp(length, { minimum: epsilon }))
}
