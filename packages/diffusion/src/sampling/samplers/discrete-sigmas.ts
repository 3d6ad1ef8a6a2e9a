import { z } from 'zod'
import { karrasSigmas } from '../schedules/karras-sigmas.js'
import { sigmaAt, sigmaTable, timestepOf } from '../schedules/sigma-table.js'
import { spacedTimesteps, timestepSpacingSchema } from '../schedules/timestep-spacing.js'
import { trainingNoiseSchema, trainingSignals } from '../schedules/training-noise.js'
import { only, predictionTypeSchema } from './scheduler-reader.js'
import type { Level } from './step-update.js'

/** Keys of the samplers of diffusers whose states are x0 + sigma e. */
export const discreteSigmasSchema = z.object({
  ...trainingNoiseSchema.shape,
  ...predictionTypeSchema.shape,
  ...timestepSpacingSchema.shape,
  timestep_spacing: timestepSpacingSchema.shape.timestep_spacing.default('linspace'),
  use_karras_sigmas: z.boolean().nullish(),
  sigma_min: z.number().gt(0).nullish(),
  sigma_max: z.number().gt(0).nullish(),
  use_exponential_sigmas: only(false),
  use_beta_sigmas: only(false),
})

/** Where such a sampler asks the model. */
export interface DiscreteSigmas {
  readonly timesteps: readonly number[]
  /** One a timestep, falling. */
  readonly sigmas: readonly number[]
  /** Standard deviation of the first state, as diffusers has it. */
  readonly initialScale: number
  /** Sigma of the cleanest timestep of the training. */
  readonly smallest: number
}

/** The level x0 + sigma e. */
export const sigmaLevel = (sigma: number): Level => ({
  signalCoefficient: 1,
  noiseCoefficient: sigma,
})

/** Timesteps and sigmas of so many steps. */
export function discreteSigmas(
  config: z.infer<typeof discreteSigmasSchema>,
  steps: number,
): DiscreteSigmas {
  const table = sigmaTable(trainingSignals(config))
  let timesteps = spacedTimesteps({ config, steps })
  let sigmas = timesteps.map((timestep) => sigmaAt(table, timestep))
  if (config.use_karras_sigmas) {
    const smallest = config.sigma_min ?? sigmas.at(-1)!
    sigmas = karrasSigmas({ smallest, largest: config.sigma_max ?? sigmas[0]!, steps })
    timesteps = sigmas.map((sigma) => timestepOf(table, sigma))
  }
  const leading = config.timestep_spacing === 'leading'
  const initialScale = leading ? Math.hypot(sigmas[0]!, 1) : sigmas[0]!
  return { timesteps, sigmas, initialScale, smallest: table[0]! }
}
