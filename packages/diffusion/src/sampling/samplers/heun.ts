import { z } from 'zod'
import type { ModelCall } from '../schedule.js'
import { trainingNoiseSchema } from '../schedules/training-noise.js'
import { rangeClipping, rangeClippingSchema } from './clipping.js'
import { discreteSigmas, discreteSigmasSchema, sigmaLevel } from './discrete-sigmas.js'
import { schedulerReader } from './scheduler-reader.js'
import { stepUpdate, updateOf } from './step-update.js'

const { beta_start, beta_end } = trainingNoiseSchema.shape

const schema = z.object({
  ...discreteSigmasSchema.shape,
  beta_start: beta_start.unwrap().default(0.00085),
  beta_end: beta_end.unwrap().default(0.012),
  ...rangeClippingSchema.shape,
  clip_sample: rangeClippingSchema.shape.clip_sample.default(false),
  // diffusers ignores this key here: a model that needs it is better refused.
  rescale_betas_zero_snr: z.literal(false).default(false),
})

/**
 * The second half of a Heun step: from the state x before the first half and the state after it,
 * x' = x + (sigma' - sigma) / 2 ((x - c) / sigma + (state - clean) / sigma'), where c is the clean
 * picture that was predicted from x.
 */
function correction(sigma: number, next: number) {
  const half = (next - sigma) / 2
  return updateOf({
    state: half / next,
    clean: -half / next,
    earlier: [{ state: 1 + half / sigma, clean: -half / sigma }],
  })
}

/**
 * Heun steps down the probability flow of x0 + sigma e (Karras et al. 2022, algorithm 1): an Euler
 * step, then the mean of the slopes at both ends. The step to sigma 0 is Euler's.
 */
export const readHeun = schedulerReader({
  className: 'HeunDiscreteScheduler',
  schema,
  plan: (config) => ({
    parametrization: { type: config.prediction_type },
    clipping: rangeClipping(config),
    schedule({ steps }) {
      const { timesteps, sigmas, initialScale } = discreteSigmas(config, steps)
      const calls = timesteps.flatMap((timestep, at): ModelCall[] => {
        const from = sigmaLevel(sigmas[at]!)
        const next = sigmas[at + 1]
        if (next === undefined) {
          return [{ timestep, ...from, update: stepUpdate(from, sigmaLevel(0)) }]
        }
        const to = sigmaLevel(next)
        const corrected = correction(from.noiseCoefficient, next)
        return [
          { timestep, ...from, update: stepUpdate(from, to) },
          { timestep: timesteps[at + 1]!, ...to, update: corrected },
        ]
      })
      return { initialScale, calls }
    },
  }),
})
