import type { GraphNode, GraphValue } from '../graph-node.js'
import { reshapeLike } from '../operations/expansion.js'
import { concat, transpose } from '../operations/layout.js'
import { singleOutput } from '../operations/single-output.js'
import { axisSize } from '../sizes.js'
import type { GradientRule } from './gradient-rule.js'
import { axisOf } from './node-settings.js'

const transposeRule: GradientRule = ({ node, gradient }) => {
  const attribute = node.attributes['perm']
  const order = attribute && 'ints' in attribute ? attribute.ints : []
  const permutation = order.map((_, axis) => order.indexOf(axis))
  return [() => transpose(gradient, { permutation })]
}

/** A gradient cut into the shares of an operator's inputs along an axis. */
function split(gradient: GraphValue, { inputs }: GraphNode, axis: number): readonly GraphValue[] {
  const parts = inputs as readonly GraphValue[]
  const sizes = concat(
    parts.map((part) => axisSize(part, axis)),
    { axis: 0 },
  )
  return gradient.graph.node({
    operator: 'Split',
    inputs: [gradient, sizes],
    attributes: { axis: { int: axis } },
    outputs: parts,
  })
}

const concatRule: GradientRule = ({ node, gradient }) => {
  let shares: readonly GraphValue[] | undefined
  return node.inputs.map((_, position) => () => {
    shares ??= split(gradient, node, axisOf(node))
    return shares[position] as GraphValue
  })
}

/** Not by `concat`, which would name the joint size anew where parts have named sizes. */
const splitRule: GradientRule = ({ node, inputs: [a], gradient, gradients }) => [
  () =>
    singleOutput({
      operator: 'Concat',
      inputs: [gradient, ...gradients.slice(1)],
      attributes: { axis: { int: axisOf(node) } },
      shape: a.shape,
    }),
]

const inTheShapeOfTheInput: GradientRule = ({ inputs: [a], gradient }) => [
  () => reshapeLike(gradient, a),
]

export const layoutRules = {
  Transpose: transposeRule,
  Concat: concatRule,
  Split: splitRule,
  Reshape: inTheShapeOfTheInput,
  Squeeze: inTheShapeOfTheInput,
  Unsqueeze: inTheShapeOfTheInput,
  Expand: ({ gradient }) => [() => gradient],
} satisfies Record<string, GradientRule>
