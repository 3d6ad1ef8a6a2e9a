import { z } from 'zod'
import {
  roundHalfToEven,
  spacedTimesteps,
  timestepSpacingSchema,
} from '../schedules/timestep-spacing.js'
import { trainingNoiseSchema, trainingSignals } from '../schedules/training-noise.js'
import { rangeClipping, rangeClippingSchema, thresholding, thresholdingSchema } from './clipping.js'
import { predictionTypeSchema, schedulerReader } from './scheduler-reader.js'
import { stepUpdate } from './step-update.js'
import { unitLevel } from './unit-level.js'

const schema = z.object({
  ...trainingNoiseSchema.shape,
  ...predictionTypeSchema.shape,
  ...timestepSpacingSchema.shape,
  timestep_spacing: timestepSpacingSchema.shape.timestep_spacing.default('leading'),
  ...rangeClippingSchema.shape,
  clip_sample: rangeClippingSchema.shape.clip_sample.default(true),
  ...thresholdingSchema.shape,
  set_alpha_to_one: z.boolean().default(true),
})

/**
 * DDIM (Song, Meng and Ermon 2021). As in diffusers, a step leads from a timestep to the one a whole
 * stride below, which is not quite the next call's where the stride does not divide the training.
 * The noise is recomputed from the clipped picture: `use_clipped_model_output` of diffusers.
 */
export const readDdim = schedulerReader({
  className: 'DDIMScheduler',
  schema,
  plan(config) {
    const signals = trainingSignals(config)
    const finalSignal = config.set_alpha_to_one ? 1 : signals[0]!
    return {
      parametrization: { type: config.prediction_type },
      clipping: thresholding(config) ?? rangeClipping(config),
      schedule({ steps, eta }) {
        const stride = Math.floor(config.num_train_timesteps / steps)
        const timesteps = spacedTimesteps({ config, steps }).map(roundHalfToEven)
        const calls = timesteps.map((timestep) => {
          const from = unitLevel(signals[timestep]!)
          const to = unitLevel(signals[timestep - stride] ?? finalSignal)
          return { timestep, ...from, update: stepUpdate(from, to, eta) }
        })
        return { initialScale: 1, calls }
      },
    }
  },
})
