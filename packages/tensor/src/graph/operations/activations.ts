import type { GraphValue } from '../graph-node.js'
import { add, mul } from './arithmetic.js'
import { singleOutput } from './single-output.js'

/** The rectifier: each element, or 0 where it is negative. Its gradient at 0 is 0. */
export const relu = (a: GraphValue): GraphValue => singleOutput({ operator: 'Relu', inputs: [a] })

/** The logistic function of each element, `1 / (1 + exp(-a))`, exact also where it is close to 0. */
export const sigmoid = (a: GraphValue): GraphValue =>
  singleOutput({ operator: 'Sigmoid', inputs: [a] })

/**
 * A smooth rectifier, `log(1 + exp(a))`, exact also where it is close to 0. With a sharpness `s` it is
 * `div(softplus(mul(a, s)), s)`.
 */
export const softplus = (a: GraphValue): GraphValue =>
  singleOutput({ operator: 'Softplus', inputs: [a] })

/** The error function of each element, `2 / sqrt(pi)` times the integral of `exp(-t²)` from 0. */
export const erf = (a: GraphValue): GraphValue => singleOutput({ operator: 'Erf', inputs: [a] })

/**
 * The Gaussian error linear unit `a Φ(a)` in its exact form, with Φ the standard normal distribution.
 *
 * Source: D. Hendrycks and K. Gimpel, Gaussian Error Linear Units (2016), arXiv 1606.08415, §2.
 */
export const gelu = (a: GraphValue): GraphValue =>
  mul(mul(a, 0.5), add(erf(mul(a, Math.SQRT1_2)), 1))
