import type { GraphNode, GraphValue } from '../graph-node.js'
import { greaterOrEqual, where } from '../operations/comparison.js'
import { cast } from '../operations/conversion.js'
import { gatherElements, scatterAdd } from '../operations/scatter.js'
import type { GradientRule } from './gradient-rule.js'
import { assertCovered, axisOf } from './node-settings.js'

/** The gradient where a value lies within its bounds, the bounds themselves included. */
function clampRule(node: GraphNode, a: GraphValue, gradient: GraphValue): GraphValue {
  const [, minimum, maximum] = node.inputs
  const above = minimum ? where(greaterOrEqual(a, minimum), gradient, 0) : gradient
  return maximum ? where(greaterOrEqual(maximum, a), above, 0) : above
}

export const selectionRules = {
  Clip: ({ node, inputs: [a], gradient }) => [() => clampRule(node, a, gradient)],
  Where: ({ inputs: [condition], gradient }) => [
    null,
    () => where(condition, gradient, 0),
    () => where(condition, 0, gradient),
  ],
  TopK: ({ node, inputs: [a], gradient }) => [
    () => {
      const indices = node.outputs[1] as GraphValue
      return scatterAdd(gradient, indices, { axis: axisOf(node), like: a })
    },
  ],
  GatherElements: ({ node, inputs: [a, indices], gradient }) => [
    () => scatterAdd(gradient, indices, { axis: axisOf(node), like: a }),
  ],
  ScatterElements: ({ node, inputs: [, indices], gradient }) => {
    const reduction = node.attributes['reduction']
    const adds = reduction !== undefined && 'string' in reduction && reduction.string === 'add'
    assertCovered(node, adds, "attribute 'reduction'")
    const axis = axisOf(node)
    return [() => gradient, null, () => gatherElements(gradient, indices, { axis })]
  },
  Cast: ({ inputs: [a], gradient }) => [() => cast(gradient, a.type as 'float32')],
  Identity: ({ gradient }) => [() => gradient],
} satisfies Record<string, GradientRule>
