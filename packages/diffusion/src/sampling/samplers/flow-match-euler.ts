import { z } from 'zod'
import { evenly } from '../schedules/evenly.js'
import { only, schedulerReader } from './scheduler-reader.js'
import { type Level, stepUpdate } from './step-update.js'

const schema = z.object({
  num_train_timesteps: z.int().min(2).max(100_000).default(1000),
  shift: z.number().gt(0).default(1),
  use_dynamic_shifting: only(false),
  invert_sigmas: only(false),
  shift_terminal: only(0),
  use_karras_sigmas: only(false),
  use_exponential_sigmas: only(false),
  use_beta_sigmas: only(false),
  stochastic_sampling: only(false),
})

/** Moves a flow's time towards noise (Esser et al. 2024, equation 23; shift is their root of m / n). */
const shifted = (time: number, shift: number) => (shift * time) / (1 + (shift - 1) * time)

/** The level (1 - t) x0 + t e. */
const flowLevel = (time: number): Level => ({
  signalCoefficient: 1 - time,
  noiseCoefficient: time,
})

/**
 * Euler steps down a rectified flow (Liu, Gong and Liu 2022). As in diffusers, the last time before 0
 * is that of the shifted training, shifted once more.
 */
export const readFlowMatchEuler = schedulerReader({
  className: 'FlowMatchEulerDiscreteScheduler',
  schema,
  plan: ({ num_train_timesteps: trained, shift }) => ({
    parametrization: { type: 'flow_prediction' },
    clipping: null,
    schedule({ steps }) {
      const times = evenly(1, shifted(1 / trained, shift), steps).map((time) =>
        shifted(time, shift),
      )
      const calls = times.map((time, at) => {
        const from = flowLevel(time)
        const to = flowLevel(times[at + 1] ?? 0)
        return { timestep: time * trained, ...from, update: stepUpdate(from, to) }
      })
      return { initialScale: 1, calls }
    },
  }),
})
