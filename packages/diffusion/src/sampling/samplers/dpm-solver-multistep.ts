import { z } from 'zod'
import { karrasSigmas } from '../schedules/karras-sigmas.js'
import { sigmaAt, sigmaTable, timestepOf } from '../schedules/sigma-table.js'
import {
  roundHalfToEven,
  spacedTimesteps,
  timestepSpacingSchema,
} from '../schedules/timestep-spacing.js'
import { trainingNoiseSchema, trainingSignals } from '../schedules/training-noise.js'
import { thresholding, thresholdingSchema } from './clipping.js'
import { only, predictionTypeSchema, schedulerReader } from './scheduler-reader.js'
import { stepUpdate } from './step-update.js'
import { unitLevelOfSigma } from './unit-level.js'

const schema = z
  .object({
    ...trainingNoiseSchema.shape,
    ...predictionTypeSchema.shape,
    ...timestepSpacingSchema.shape,
    timestep_spacing: timestepSpacingSchema.shape.timestep_spacing.default('linspace'),
    ...thresholdingSchema.shape,
    solver_order: z.literal([1, 2]).default(2),
    algorithm_type: only('dpmsolver++'),
    solver_type: only('midpoint'),
    lower_order_final: z.boolean().default(true),
    euler_at_final: z.boolean().default(false),
    use_karras_sigmas: z.boolean().nullish(),
    use_exponential_sigmas: only(false),
    use_beta_sigmas: only(false),
    use_lu_lambdas: only(false),
    use_flow_sigmas: only(false),
    use_dynamic_shifting: only(false),
    variance_type: z.null().optional(),
    final_sigmas_type: z.enum(['zero', 'sigma_min']).default('zero'),
    lambda_min_clipped: z.number().nullish(),
  })
  .refine((config) => !config.use_karras_sigmas || config.beta_schedule !== 'squaredcos_cap_v2', {
    path: ['use_karras_sigmas'],
    message: 'Karras sigmas with the cosine schedule are not supported',
  })

type Config = z.output<typeof schema>

interface SolverSigmas {
  readonly timesteps: readonly number[]
  /** One more than timesteps, falling. */
  readonly sigmas: readonly number[]
}

function solverSigmas(config: Config, steps: number): SolverSigmas {
  const table = sigmaTable(trainingSignals(config))
  const final = config.final_sigmas_type === 'zero' ? 0 : table[0]!
  if (config.use_karras_sigmas) {
    const sigmas = karrasSigmas({ smallest: table[0]!, largest: table.at(-1)!, steps })
    const timesteps = sigmas.map((sigma) => roundHalfToEven(timestepOf(table, sigma)))
    return { timesteps, sigmas: [...sigmas, final] }
  }
  const lowest = config.lambda_min_clipped ?? Number.NEGATIVE_INFINITY
  const used = table.filter((sigma) => -Math.log(sigma) >= lowest).length
  // The other spacings make one timestep more, of which the cleanest is left out.
  const trailing = config.timestep_spacing === 'trailing'
  const spaced = spacedTimesteps({ config, steps: trailing ? steps : steps + 1, used })
  const timesteps = (trailing ? spaced : spaced.slice(0, -1)).map(roundHalfToEven)
  return { timesteps, sigmas: [...timesteps.map((timestep) => sigmaAt(table, timestep)), final] }
}

/**
 * DPM-Solver++ of order two over the last two predictions (Lu et al. 2022, "DPM-Solver++", algorithm
 * 2, midpoint form): a step of order one towards D = c + (c - c') h / (2 h'), where c and c' are this
 * clean picture and the one before, and h and h' the steps in ln(a / s). The first step is of order
 * one, and so is the last where sigma ends at 0, where the configuration asks for it, and in runs of
 * fewer than 15 steps unless it says otherwise.
 */
export const readDpmSolverMultistep = schedulerReader({
  className: 'DPMSolverMultistepScheduler',
  schema,
  plan: (config) => ({
    parametrization: { type: config.prediction_type },
    clipping: thresholding(config),
    schedule({ steps }) {
      const { timesteps, sigmas } = solverSigmas(config, steps)
      const lowerAtEnd =
        config.euler_at_final ||
        config.final_sigmas_type === 'zero' ||
        (config.lower_order_final && timesteps.length < 15)
      const calls = timesteps.map((timestep, at) => {
        const [sigma, next] = [sigmas[at]!, sigmas[at + 1]!]
        const from = unitLevelOfSigma(sigma)
        const update = stepUpdate(from, unitLevelOfSigma(next))
        const atEnd = at === timesteps.length - 1 && lowerAtEnd
        if (at === 0 || atEnd || config.solver_order === 1) return { timestep, ...from, update }
        const extrapolation = Math.log(sigma / next) / (2 * Math.log(sigmas[at - 1]! / sigma))
        return {
          timestep,
          ...from,
          update: {
            ...update,
            clean: update.clean * (1 + extrapolation),
            earlier: [{ state: 0, clean: -update.clean * extrapolation }],
          },
        }
      })
      return { initialScale: 1, calls }
    },
  }),
})
