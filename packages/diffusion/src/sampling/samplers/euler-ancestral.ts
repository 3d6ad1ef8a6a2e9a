import { discreteSigmas, discreteSigmasSchema, sigmaLevel } from './discrete-sigmas.js'
import { schedulerReader } from './scheduler-reader.js'
import { stepUpdate } from './step-update.js'

/** Euler steps below the next noise level, and fresh noise back up to it. */
export const readEulerAncestral = schedulerReader({
  className: 'EulerAncestralDiscreteScheduler',
  // diffusers knows no Karras sigmas here, so that these keys have no effect.
  schema: discreteSigmasSchema.omit({
    use_karras_sigmas: true,
    use_exponential_sigmas: true,
    use_beta_sigmas: true,
    sigma_min: true,
    sigma_max: true,
  }),
  plan: (config) => ({
    parametrization: { type: config.prediction_type },
    clipping: null,
    schedule({ steps }) {
      const { timesteps, sigmas, initialScale } = discreteSigmas(config, steps)
      const calls = timesteps.map((timestep, at) => {
        const from = sigmaLevel(sigmas[at]!)
        const to = sigmaLevel(sigmas[at + 1] ?? 0)
        return { timestep, ...from, update: stepUpdate(from, to, 1) }
      })
      return { initialScale, calls }
    },
  }),
})
