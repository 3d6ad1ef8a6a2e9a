import { z } from 'zod'
import { trainingSignals } from '../schedules/training-noise.js'
import { rangeClipping, thresholding } from './clipping.js'
import { schedulerReader } from './scheduler-reader.js'
import { stepUpdate } from './step-update.js'
import { gridTimesteps, trainingGridSchema } from './training-grid.js'
import { unitLevel } from './unit-level.js'

const schema = z.object({
  ...trainingGridSchema.shape,
  variance_type: z.enum(['fixed_small', 'fixed_small_log', 'fixed_large']).default('fixed_small'),
})

/**
 * DDPM (Ho, Jain and Abbeel 2020, equations 6, 7 and algorithm 2): the posterior mean with the small
 * variance, or with beta itself as the large one. No noise is added at timestep 0.
 */
export const readDdpm = schedulerReader({
  className: 'DDPMScheduler',
  schema,
  plan(config) {
    const signals = trainingSignals(config)
    return {
      parametrization: { type: config.prediction_type },
      clipping: thresholding(config) ?? rangeClipping(config),
      schedule({ steps }) {
        const timesteps = gridTimesteps(config, steps)
        const calls = timesteps.map((timestep, at) => {
          const next = timesteps[at + 1]
          const from = unitLevel(signals[timestep]!)
          const to = unitLevel(next === undefined ? 1 : signals[next]!)
          const update = stepUpdate(from, to, 1)
          const beta = 1 - (from.signalCoefficient / to.signalCoefficient) ** 2
          const large = config.variance_type === 'fixed_large' && timestep > 0
          return {
            timestep,
            ...from,
            update: large ? { ...update, noise: Math.sqrt(beta) } : update,
          }
        })
        return { initialScale: 1, calls }
      },
    }
  },
})
