import type { GraphNode, GraphValue } from '../graph-node.js'
import { div, mul } from '../operations/arithmetic.js'
import { equal, where } from '../operations/comparison.js'
import { cast } from '../operations/conversion.js'
import { expandLike, unsqueeze } from '../operations/expansion.js'
import { reduceSum } from '../operations/reductions.js'
import { countElements } from './count-elements.js'
import type { GradientRule, RuleContext } from './gradient-rule.js'
import { constantIntegers, integerAttribute } from './node-settings.js'

/** A value in the shape of a reduction's output, with its folded axes kept as size 1. */
function keepFolded(node: GraphNode, value: GraphValue): GraphValue {
  return integerAttribute(node, 'keepdims') === 1
    ? value
    : unsqueeze(
        value,
        constantIntegers(node, 1).sort((a, b) => a - b),
      )
}

const spread = ({ node, inputs: [a], gradient }: RuleContext): GraphValue =>
  expandLike(keepFolded(node, gradient), a)

/** The gradient goes to the largest element, in equal parts where several are the largest. */
const reduceMaxRule: GradientRule = ({ node, inputs: [a], output, gradient }) => [
  () => {
    const axes = constantIntegers(node, 1)
    const isLargest = equal(a, keepFolded(node, output))
    const count = reduceSum(cast(isLargest, a.type as 'float32'), { axes, keepDimensions: true })
    return where(isLargest, div(keepFolded(node, gradient), count), 0)
  },
]

/** At length 0, where there is no gradient, its smallest sub-gradient: 0. */
const reduceL2Rule: GradientRule = ({ node, inputs: [a], output, gradient }) => [
  () => {
    const length = where(equal(output, 0), 1, output)
    return mul(a, keepFolded(node, div(gradient, length)))
  },
]

export const reductionRules = {
  ReduceSum: (context) => [() => spread(context)],
  ReduceMean: (context) => [
    () => {
      const count = countElements(context.inputs[0], constantIntegers(context.node, 1))
      return spread({ ...context, gradient: div(context.gradient, count) })
    },
  ],
  ReduceMax: reduceMaxRule,
  ReduceL2: reduceL2Rule,
} satisfies Record<string, GradientRule>
