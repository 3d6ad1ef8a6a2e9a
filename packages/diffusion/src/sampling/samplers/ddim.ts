import { z } from 'zod'
import { trainingSignals } from '../schedules/training-noise.js'
import { rangeClipping, thresholding } from './clipping.js'
import { schedulerReader } from './scheduler-reader.js'
import { stepUpdate } from './step-update.js'
import { gridTimesteps, trainingGridSchema } from './training-grid.js'
import { unitLevel } from './unit-level.js'

const schema = z.object({
  ...trainingGridSchema.shape,
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
        const timesteps = gridTimesteps(config, steps)
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
