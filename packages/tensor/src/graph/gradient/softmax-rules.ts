import type { GraphValue } from '../graph-node.js'
import { mul, sub } from '../operations/arithmetic.js'
import { exp } from '../operations/exponential.js'
import { reduceSum } from '../operations/reductions.js'
import type { GradientRule, RuleContext } from './gradient-rule.js'
import { axisOf } from './node-settings.js'

const sumAlong = ({ node }: RuleContext, value: GraphValue): GraphValue =>
  reduceSum(value, { axes: [axisOf(node)], keepDimensions: true })

export const softmaxRules = {
  Softmax: (context) => {
    const { output, gradient } = context
    return [() => mul(output, sub(gradient, sumAlong(context, mul(gradient, output))))]
  },
  LogSoftmax: (context) => {
    const { output, gradient } = context
    return [() => sub(gradient, mul(exp(output), sumAlong(context, gradient)))]
  },
} satisfies Record<string, GradientRule>
