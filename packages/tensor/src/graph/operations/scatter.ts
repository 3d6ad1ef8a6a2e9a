import type { GraphValue } from '../graph-node.js'
import { zerosLike } from './constant-like.js'
import { singleOutput } from './single-output.js'

/** The elements along one axis (from the front) that int64 `indices` of the same rank name. */
export const gatherElements = (
  a: GraphValue,
  indices: GraphValue,
  { axis }: { readonly axis: number },
): GraphValue =>
  singleOutput({
    operator: 'GatherElements',
    inputs: [a, indices],
    attributes: { axis: { int: axis } },
    shape: indices.shape,
  })

/**
 * Zeros in the shape of `like` to which every element of `a` is added at the place that `indices`
 * name along an axis. It is ScatterElements, which ONNX Runtime computes in one thread, and not the
 * handier ScatterND, whose threads lose sums where an index occurs twice (onnxruntime#18048, #23396).
 */
export const scatterAdd = (
  a: GraphValue,
  indices: GraphValue,
  { axis, like }: { readonly axis: number; readonly like: GraphValue },
): GraphValue =>
  singleOutput({
    operator: 'ScatterElements',
    inputs: [zerosLike(like), indices, a],
    attributes: { axis: { int: axis }, reduction: { string: 'add' } },
  })
