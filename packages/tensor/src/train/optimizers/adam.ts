import { add, mul, sub } from '../../graph/operations/arithmetic.js'
import type { LearningRate } from '../learning-rate.js'
import type { Optimizer } from '../optimizer.js'
import { type AdaptiveMomentsOptions, adaptiveMoments } from './adaptive-moments.js'
import { assertHyperparameter } from './assert-hyperparameter.js'

/** Settings of `adam`. */
export interface AdamOptions extends AdaptiveMomentsOptions {
  readonly learningRate: LearningRate
  /** Factor of the parameter that is added to its gradient (an L2 penalty). Default 0. */
  readonly weightDecay?: number
}

/**
 * Adam (Kingma & Ba 2015, "Adam: a method for stochastic optimization", algorithm 1), as
 * `torch.optim.Adam` has it: weight decay, if any, is part of the gradient.
 *
 * @throws AssayError `INVALID_ARGUMENT` where a setting is out of its range
 */
export function adam({ learningRate, weightDecay = 0, ...options }: AdamOptions): Optimizer {
  assertHyperparameter('weightDecay', weightDecay)
  const moments = adaptiveMoments(options)
  return {
    learningRate,
    stateNames: moments.stateNames,
    begin: (inputs) => {
      const advance = moments.begin(inputs)
      return ({ parameter, gradient, state }) => {
        const slope = weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay))
        const next = advance({ gradient: slope, state })
        return { parameter: sub(parameter, next.movement), state: next.state }
      }
    },
  }
}
