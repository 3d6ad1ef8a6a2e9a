import type { GraphValue } from '../../graph/graph-node.js'
import { add, div, mul, sqrt } from '../../graph/operations/arithmetic.js'
import { singleOutput } from '../../graph/operations/single-output.js'
import type { ParameterBefore, StepInputs } from '../optimizer.js'
import { assertHyperparameter } from './assert-hyperparameter.js'
import { castLike } from './cast-like.js'

/** Settings that Adam and AdamW share. */
export interface AdaptiveMomentsOptions {
  /** How much of the mean gradient and of the mean square a step keeps; both in [0, 1). Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number]
  /** Added to the root of the mean square, above 0. Default 1e-8. */
  readonly epsilon?: number
}

/** A gradient and what is remembered of those before it. */
type GradientBefore = Pick<ParameterBefore, 'gradient' | 'state'>

/** How far to move against the gradient, and what to remember. */
interface Movement {
  readonly movement: GraphValue
  readonly state: readonly GraphValue[]
}

/**
 * Adam's movement of a parameter, `rate m̂ / (√v̂ + ε)` with bias-corrected running means `m̂` of the
 * gradient and `v̂` of its square. What is kept are decayed sums, `M ← β₁ M + g` and `V ← β₂ V + g²`;
 * the factors `1 - β` that make means of them are joined with the bias corrections in two scalars:
 * with `c = √((1 - β₂) / (1 - β₂ᵗ))` the movement is
 * `rate (1 - β₁) / ((1 - β₁ᵗ) c) · M / (√V + ε / c)`.
 */
export function adaptiveMoments({
  betas: [beta1, beta2] = [0.9, 0.999],
  epsilon = 1e-8,
}: AdaptiveMomentsOptions) {
  assertHyperparameter('The first beta', beta1, { below: 1 })
  assertHyperparameter('The second beta', beta2, { below: 1 })
  assertHyperparameter('epsilon', epsilon, { zero: false })

  function begin({ learningRate, step }: StepInputs): (before: GradientBefore) => Movement {
    const root = sqrt(div(1 - beta2, complementOfPower(beta2, step)))
    const scale = div(mul(learningRate, 1 - beta1), mul(complementOfPower(beta1, step), root))
    const floor = div(epsilon, root)
    return ({ gradient, state }) => {
      const [sum, squareSum] = state as [GraphValue, GraphValue]
      const nextSum = add(mul(sum, beta1), gradient)
      const nextSquareSum = add(mul(squareSum, beta2), mul(gradient, gradient))
      const spread = add(sqrt(nextSquareSum), castLike(floor, gradient))
      const movement = mul(div(nextSum, spread), castLike(scale, gradient))
      return { movement, state: [nextSum, nextSquareSum] }
    }
  }

  return { stateNames: ['gradientSum', 'squareSum'], begin }
}

/**
 * `1 - base ^ exponent`, by `1 - exp(-x) = 2 tanh(x / 2) / (1 + tanh(x / 2))`, which loses no digits in
 * float32 where the power is close to 1, as it is in the first steps.
 */
function complementOfPower(base: number, exponent: GraphValue): GraphValue {
  const half = singleOutput({
    operator: 'Tanh',
    inputs: [mul(exponent, -Math.log(base) / 2)],
  })
  return div(mul(half, 2), add(half, 1))
}
