import { z } from 'zod'
import { discreteSigmas, discreteSigmasSchema, sigmaLevel } from './discrete-sigmas.js'
import { only, schedulerReader } from './scheduler-reader.js'
import { stepUpdate } from './step-update.js'

const schema = z.object({
  ...discreteSigmasSchema.shape,
  interpolation_type: only('linear'),
  timestep_type: only('discrete'),
  final_sigmas_type: z.enum(['zero', 'sigma_min']).default('zero'),
})

/** Euler steps down the probability flow of x0 + sigma e (Karras et al. 2022, algorithm 1). */
export const readEuler = schedulerReader({
  className: 'EulerDiscreteScheduler',
  schema,
  plan: (config) => ({
    parametrization: { type: config.prediction_type },
    clipping: null,
    schedule({ steps }) {
      const { timesteps, sigmas, initialScale, smallest } = discreteSigmas(config, steps)
      const final = config.final_sigmas_type === 'zero' ? 0 : smallest
      const calls = timesteps.map((timestep, at) => {
        const from = sigmaLevel(sigmas[at]!)
        const to = sigmaLevel(sigmas[at + 1] ?? final)
        return { timestep, ...from, update: stepUpdate(from, to) }
      })
      return { initialScale, calls }
    },
  }),
})
