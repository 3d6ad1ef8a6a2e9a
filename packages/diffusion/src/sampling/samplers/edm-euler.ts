import { z } from 'zod'
import { karrasSigmas } from '../schedules/karras-sigmas.js'
import { sigmaLevel } from './discrete-sigmas.js'
import { only, schedulerReader } from './scheduler-reader.js'
import { stepUpdate } from './step-update.js'

const positive = z.number().gt(0)

const schema = z
  .object({
    sigma_min: positive.default(0.002),
    sigma_max: positive.default(80),
    sigma_data: positive.default(0.5),
    rho: positive.default(7),
    sigma_schedule: only('karras'),
    prediction_type: only('epsilon'),
    final_sigmas_type: z.enum(['zero', 'sigma_min']).default('zero'),
  })
  .refine((config) => config.sigma_min < config.sigma_max, {
    path: ['sigma_min'],
    message: 'It must be smaller than sigma_max',
  })

/**
 * Euler steps for models preconditioned as in EDM (Karras et al. 2022, algorithm 1 and table 1),
 * which are told ln(sigma) / 4. What diffusers calls `epsilon` here is EDM's output.
 */
export const readEdmEuler = schedulerReader({
  className: 'EDMEulerScheduler',
  schema,
  plan: (config) => ({
    parametrization: { type: 'edm', dataDeviation: config.sigma_data },
    clipping: null,
    schedule({ steps }) {
      const { sigma_min: smallest, sigma_max: largest, rho } = config
      const sigmas = karrasSigmas({ smallest, largest, steps, rho })
      const final = config.final_sigmas_type === 'zero' ? 0 : sigmas.at(-1)!
      const calls = sigmas.map((sigma, at) => {
        const from = sigmaLevel(sigma)
        const to = sigmaLevel(sigmas[at + 1] ?? final)
        return { timestep: Math.log(sigma) / 4, ...from, update: stepUpdate(from, to) }
      })
      return { initialScale: Math.hypot(largest, 1), calls }
    },
  }),
})
