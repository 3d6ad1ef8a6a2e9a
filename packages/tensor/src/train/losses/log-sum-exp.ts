import type { GraphValue } from '../../graph/graph-node.js'
import { add, sub } from '../../graph/operations/arithmetic.js'
import { cast } from '../../graph/operations/conversion.js'
import { exp, log } from '../../graph/operations/exponential.js'
import { reduceMax, reduceSum } from '../../graph/operations/reductions.js'

/**
 * The logarithm of the sum of exponentials along an axis, which stays with size 1. The largest element
 * is taken off before `exp`, so that nothing overflows; any nearby number does for that, so a whole one
 * is taken: gradients do not pass through integers, and none of this constant's is wanted.
 */
export function logSumExp(a: GraphValue, axis: number): GraphValue {
  const options = { axes: [axis], keepDimensions: true }
  const shift = cast(cast(reduceMax(a, options), 'int32'), a.type as 'float32' | 'float64')
  return add(shift, log(reduceSum(exp(sub(a, shift)), options)))
}
