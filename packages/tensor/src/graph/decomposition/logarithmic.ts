import type { GraphValue } from '../graph-node.js'
import { add, div, sub } from '../operations/arithmetic.js'
import { clamp, less, where } from '../operations/comparison.js'
import { exp, log, neg } from '../operations/exponential.js'
import { reduceMax, reduceSum } from '../operations/reductions.js'

/**
 * `log(1 + a)`, exact also where `a` is so small that `1 + a` loses it: to the logarithm of the rounded
 * sum comes, to first order, what the rounding took.
 *
 * Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition (2002), §1.14.1 and
 * problem 1.5.
 */
function logOnePlus(a: GraphValue): GraphValue {
  const sum = add(a, 1)
  return sub(log(sum), div(sub(sub(sum, 1), a), sum))
}

/** `log(1 + exp(a))` without overflow: `max(a, 0) + log(1 + exp(-|a|))`. */
export function softplus(a: GraphValue): GraphValue {
  const minusMagnitude = where(less(a, 0), a, neg(a))
  return add(clamp(a, { minimum: 0 }), logOnePlus(exp(minusMagnitude)))
}

/** `1 / (1 + exp(-a))`; where the exponential overflows, 0 is right. */
export const sigmoid = (a: GraphValue): GraphValue => div(1, add(exp(neg(a)), 1))

/** `a - log(sum(exp(a)))` along an axis, after the largest element is taken off. */
export function logSoftmax(a: GraphValue, axis: number): GraphValue {
  const along = { axes: [axis], keepDimensions: true }
  const below = sub(a, reduceMax(a, along))
  return sub(below, log(reduceSum(exp(below), along)))
}
