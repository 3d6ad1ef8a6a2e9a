import { AssayError } from '@assay/core'
import type { GraphValue, Shape } from '../graph-node.js'
import { reduceSum } from '../operations/reductions.js'

/**
 * The reverse of broadcasting: the sum over the axes along which a value of `shape` was stretched.
 * Which those are is known while the graph is built, because a named size stretches to nothing else.
 */
export function sumToShape(value: GraphValue, shape: Shape): GraphValue {
  const leading = value.shape.length - shape.length
  const added = value.shape.flatMap((_, axis) => (axis < leading ? [axis] : []))
  const aligned = added.length > 0 ? reduceSum(value, { axes: added }) : value
  const stretched = shape.flatMap((size, axis) =>
    size === 1 && aligned.shape[axis] !== 1 ? [axis] : [],
  )
  const sum =
    stretched.length > 0 ? reduceSum(aligned, { axes: stretched, keepDimensions: true }) : aligned
  if (leading >= 0 && sum.shape.every((size, axis) => size === shape[axis])) return sum
  throw new AssayError({
    code: 'INTERNAL',
    message: `A gradient of shape [${value.shape.join(', ')}] reached [${shape.join(', ')}].`,
    value: value.shape,
    remedy: 'Report this with the graph that was differentiated.',
  })
}
