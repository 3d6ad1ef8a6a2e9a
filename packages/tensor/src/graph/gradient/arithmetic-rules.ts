import { div, mul } from '../operations/arithmetic.js'
import { neg } from '../operations/exponential.js'
import type { GradientRule } from './gradient-rule.js'

export const arithmeticRules = {
  Add: ({ gradient }) => [() => gradient, () => gradient],
  Sub: ({ gradient }) => [() => gradient, () => neg(gradient)],
  Mul: ({ inputs: [a, b], gradient }) => [() => mul(gradient, b), () => mul(gradient, a)],
  Div: ({ inputs: [, b], output, gradient }) => [
    () => div(gradient, b),
    () => neg(mul(div(gradient, b), output)),
  ],
  Reciprocal: ({ output, gradient }) => [() => neg(mul(gradient, mul(output, output)))],
  Neg: ({ gradient }) => [() => neg(gradient)],
  Sqrt: ({ output, gradient }) => [() => div(mul(gradient, 0.5), output)],
  Exp: ({ output, gradient }) => [() => mul(gradient, output)],
  Log: ({ inputs: [a], gradient }) => [() => div(gradient, a)],
} satisfies Record<string, GradientRule>
