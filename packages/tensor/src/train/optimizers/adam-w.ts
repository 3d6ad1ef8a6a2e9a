import { mul, sub } from '../../graph/operations/arithmetic.js'
import type { Optimizer } from '../optimizer.js'
import type { AdamOptions } from './adam.js'
import { adaptiveMoments } from './adaptive-moments.js'
import { assertHyperparameter } from './assert-hyperparameter.js'
import { castLike } from './cast-like.js'

/** Settings of `adamW`. */
export interface AdamWOptions extends Omit<AdamOptions, 'weightDecay'> {
  /** Every step shrinks a parameter by this times the learning rate. Default 0.01. */
  readonly weightDecay?: number
}

/**
 * Adam with weight decay apart from the gradient (Loshchilov & Hutter 2019, "Decoupled weight decay
 * regularization", algorithm 2), as `torch.optim.AdamW` has it.
 *
 * @throws AssayError `INVALID_ARGUMENT` where a setting is out of its range
 */
export function adamW({ learningRate, weightDecay = 0.01, ...options }: AdamWOptions): Optimizer {
  assertHyperparameter('weightDecay', weightDecay)
  const moments = adaptiveMoments(options)
  return {
    learningRate,
    stateNames: moments.stateNames,
    begin: (inputs) => {
      const advance = moments.begin(inputs)
      const kept = sub(1, mul(inputs.learningRate, weightDecay))
      return ({ parameter, gradient, state }) => {
        const next = advance({ gradient, state })
        const decayed = weightDecay === 0 ? parameter : mul(parameter, castLike(kept, parameter))
        return { parameter: sub(decayed, next.movement), state: next.state }
      }
    },
  }
}
