import type { GraphValue } from '../graph-node.js'
import { integers } from '../operand.js'
import { resolveAxis } from '../shapes.js'
import { singleOutput } from './single-output.js'

/** Which axes a reduction folds away. */
export interface ReductionOptions {
  /** Axes to fold, negative ones counted from the back. Default: all. */
  readonly axes?: readonly number[]
  /** Whether a folded axis stays with size 1. Default false. */
  readonly keepDimensions?: boolean
}

function reduction(name: string, operator: string, a: GraphValue, options: ReductionOptions) {
  const { axes = a.shape.map((_, axis) => axis), keepDimensions = false } = options
  const folded = new Set(axes.map((axis) => resolveAxis(name, a, axis)))
  const kept = a.shape.map((size, axis) => (folded.has(axis) ? 1 : size))
  return singleOutput({
    operator,
    inputs: [a, integers(a.graph, [...folded])],
    // Without this, ONNX takes an empty list of axes for all axes.
    attributes: { keepdims: { int: Number(keepDimensions) }, noop_with_empty_axes: { int: 1 } },
    shape: keepDimensions ? kept : kept.filter((_, axis) => !folded.has(axis)),
  })
}

/** The sum over some axes; 0 over an axis of size 0. */
export const reduceSum = (a: GraphValue, options: ReductionOptions = {}): GraphValue =>
  reduction('reduceSum', 'ReduceSum', a, options)

/** The mean over some axes; NaN over an axis of size 0. */
export const reduceMean = (a: GraphValue, options: ReductionOptions = {}): GraphValue =>
  reduction('reduceMean', 'ReduceMean', a, options)

/** The largest element over some axes. Undefined where there are NaN. */
export const reduceMax = (a: GraphValue, options: ReductionOptions = {}): GraphValue =>
  reduction('reduceMax', 'ReduceMax', a, options)

/**
 * The Euclidean length over some axes: the Frobenius norm of a matrix. Its gradient at length 0 is 0,
 * where that of `sqrt(reduceSum(mul(a, a)))` is NaN.
 */
export const reduceL2 = (a: GraphValue, options: ReductionOptions = {}): GraphValue =>
  reduction('reduceL2', 'ReduceL2', a, options)
