import { sigmoid } from '../operations/activations.js'
import { mul } from '../operations/arithmetic.js'
import { less, where } from '../operations/comparison.js'
import { exp, neg } from '../operations/exponential.js'
import type { GradientRule } from './gradient-rule.js'

export const activationRules = {
  Relu: ({ inputs: [a], gradient }) => [() => where(less(0, a), gradient, 0)],
  // 1 - sigmoid(a) as sigmoid(-a), which does not cancel.
  Sigmoid: ({ inputs: [a], output, gradient }) => [
    () => mul(gradient, mul(output, sigmoid(neg(a)))),
  ],
  Softplus: ({ inputs: [a], gradient }) => [() => mul(gradient, sigmoid(a))],
  Erf: ({ inputs: [a], gradient }) => [
    () => mul(gradient, mul(exp(neg(mul(a, a))), 2 / Math.sqrt(Math.PI))),
  ],
} satisfies Record<string, GradientRule>
