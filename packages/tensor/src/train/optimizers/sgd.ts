import { add, mul, sub } from '../../graph/operations/arithmetic.js'
import type { LearningRate } from '../learning-rate.js'
import type { Optimizer } from '../optimizer.js'
import { assertHyperparameter } from './assert-hyperparameter.js'
import { castLike } from './cast-like.js'

/** Settings of `sgd`. */
export interface SgdOptions {
  readonly learningRate: LearningRate
  /** Share of the last step's direction that is kept, from 0 to below 1. Default 0. */
  readonly momentum?: number
  /** Whether the gradient is taken as if the momentum had been followed already. Default false. */
  readonly nesterov?: boolean
  /** Factor of the parameter that is added to its gradient (an L2 penalty). Default 0. */
  readonly weightDecay?: number
}

/**
 * Stochastic gradient descent, as `torch.optim.SGD` has it (without dampening):
 *
 * `g ← g + weightDecay p;  v ← momentum v + g;  p ← p − rate v`, with `g + momentum v` in place of `v`
 * under Nesterov's momentum (Sutskever et al. 2013, "On the importance of initialization and momentum
 * in deep learning").
 *
 * @throws AssayError `INVALID_ARGUMENT` where a setting is out of its range, or Nesterov's momentum
 *   is asked for without momentum
 */
export function sgd(options: SgdOptions): Optimizer {
  const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = options
  assertHyperparameter('momentum', momentum, { below: 1, zero: !nesterov })
  assertHyperparameter('weightDecay', weightDecay)
  return {
    learningRate,
    stateNames: momentum === 0 ? [] : ['velocity'],
    begin:
      ({ learningRate }) =>
      ({ parameter, gradient, state: [velocity] }) => {
        const slope = weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay))
        const next = velocity && add(mul(velocity, momentum), slope)
        const direction = next && nesterov ? add(slope, mul(next, momentum)) : (next ?? slope)
        return {
          parameter: sub(parameter, mul(direction, castLike(learningRate, parameter))),
          state: next ? [next] : [],
        }
      },
  }
}
