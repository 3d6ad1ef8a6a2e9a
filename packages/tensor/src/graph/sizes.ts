import type { GraphValue } from './graph-node.js'
import { integers } from './operand.js'
import { singleOutput } from './operations/single-output.js'

/** The sizes of a value's axes as an int64 vector: a constant where the graph knows them all. */
export function sizesOf(value: GraphValue): GraphValue {
  const known = value.shape.filter((size) => typeof size === 'number')
  return known.length === value.shape.length
    ? integers(value.graph, known)
    : singleOutput({
        operator: 'Shape',
        inputs: [value],
        type: 'int64',
        shape: [value.shape.length],
      })
}

/** The size of one axis, counted from the front, as an int64 vector of one element. */
export function axisSize(value: GraphValue, axis: number): GraphValue {
  const size = value.shape[axis]
  if (typeof size === 'number') return integers(value.graph, [size])
  return singleOutput({
    operator: 'Shape',
    inputs: [value],
    attributes: { start: { int: axis }, end: { int: axis + 1 } },
    type: 'int64',
    shape: [1],
  })
}
