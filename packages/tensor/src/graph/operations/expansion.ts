import type { GraphValue } from '../graph-node.js'
import { integers } from '../operand.js'
import { sizesOf } from '../sizes.js'
import { singleOutput } from './single-output.js'

/** A value stretched to the shape of another, which must be what it broadcasts to. */
export function expandLike(a: GraphValue, like: GraphValue): GraphValue {
  if (a.shape.join() === like.shape.join()) return a
  return singleOutput({ operator: 'Expand', inputs: [a, sizesOf(like)], shape: like.shape })
}

/** A value with new axes of size 1, at ascending positions of the result counted from the front. */
export function unsqueeze(a: GraphValue, axes: readonly number[]): GraphValue {
  const shape = [...a.shape]
  for (const axis of axes) shape.splice(axis, 0, 1)
  return singleOutput({ operator: 'Unsqueeze', inputs: [a, integers(a.graph, axes)], shape })
}

/** A value without some of its axes of size 1, which are counted from the front. */
export function squeeze(a: GraphValue, axes: readonly number[]): GraphValue {
  const shape = a.shape.filter((_, axis) => !axes.includes(axis))
  return singleOutput({ operator: 'Squeeze', inputs: [a, integers(a.graph, axes)], shape })
}

/** The elements of a value, in their order, in the shape of another. */
export const reshapeLike = (a: GraphValue, like: GraphValue): GraphValue =>
  singleOutput({
    operator: 'Reshape',
    inputs: [a, sizesOf(like)],
    // Without this, ONNX takes a size of 0 for the size that the axis had.
    attributes: { allowzero: { int: 1 } },
    shape: like.shape,
  })
