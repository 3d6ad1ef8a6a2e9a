import type { GraphNode, GraphValue } from '../graph-node.js'
import { integers } from '../operand.js'
import { add, sub } from '../operations/arithmetic.js'
import { less, where } from '../operations/comparison.js'
import { concat, slice } from '../operations/layout.js'
import { singleOutput } from '../operations/single-output.js'
import { axisSize } from '../sizes.js'
import type { GradientRule } from './gradient-rule.js'
import { assertCovered, constantIntegers } from './node-settings.js'

/** The one axis of Slice and Pad as this package writes them. */
function onlyAxis(node: GraphNode): number {
  const [axis, second] = constantIntegers(node, 3)
  const plain = node.inputs.length === 4 && node.attributes['mode'] === undefined
  assertCovered(node, plain && axis !== undefined && second === undefined, 'axes, steps or mode')
  return axis
}

/** Where a slice begins, counted from the front and within the axis. */
function firstIndex(start: GraphValue, size: GraphValue): GraphValue {
  const fromFront = where(less(start, 0), add(start, size), start)
  const atLeastZero = where(less(fromFront, 0), 0, fromFront)
  return where(less(size, atLeastZero), size, atLeastZero)
}

/** Zeros come back around what was cut out. */
export const sliceRule: GradientRule = ({ node, inputs: [a, start], output, gradient }) => [
  () => {
    const axis = onlyAxis(node)
    const size = axisSize(a, axis)
    const before = firstIndex(start, size)
    const after = sub(sub(size, before), axisSize(output, axis))
    return singleOutput({
      operator: 'Pad',
      inputs: [gradient, concat([before, after], { axis: 0 }), null, integers(a.graph, [axis])],
      shape: a.shape,
    })
  },
]

/** The padding is cut off again. */
export const padRule: GradientRule = ({ node, inputs: [a, pads], gradient }) => [
  () => {
    const axis = onlyAxis(node)
    const before = slice(pads, { axis: 0, end: 1 })
    const end = add(before, axisSize(a, axis))
    return singleOutput({
      operator: 'Slice',
      inputs: [gradient, before, end, integers(a.graph, [axis])],
      shape: a.shape,
    })
  },
]
