import { AssayError } from '@assay/core'
import { z } from 'zod'
import { evenly } from './evenly.js'

/** Keys of a diffusers configuration that say at which timesteps a discrete model is asked. */
export const timestepSpacingSchema = z.object({
  num_train_timesteps: z.int().min(2).max(100_000).default(1000),
  timestep_spacing: z.enum(['leading', 'linspace', 'trailing']),
  steps_offset: z.int().min(0).default(0),
})

/** Which timesteps are wanted. */
export interface TimestepOptions {
  readonly config: z.infer<typeof timestepSpacingSchema>
  readonly steps: number
  /** Only the first so many timesteps of the training are used. Default: all of them */
  readonly used?: number
}

/** Whole numbers as numpy rounds: halves to the even neighbour. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

/**
 * Timesteps from noisy to clean (Lin et al. 2024, "Common diffusion noise schedules and sample steps
 * are flawed", table 2). Those of `linspace` are fractions: a sampler that needs whole ones rounds
 * them.
 *
 * @throws AssayError `INVALID_ARGUMENT` where so many steps do not fit the training
 */
export function spacedTimesteps(options: TimestepOptions): number[] {
  const timesteps = unchecked(options)
  const last = options.config.num_train_timesteps - 1
  const falls = timesteps.every((timestep, at) => at === 0 || timestep < timesteps[at - 1]!)
  // One such step would start at the clean end.
  const starts = options.steps > 1 || options.config.timestep_spacing === 'trailing'
  if (falls && starts && timesteps[0]! <= last) return timesteps
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${options.steps} timesteps with ${options.config.timestep_spacing} spacing and offset ${options.config.steps_offset} do not fit the training's 0 to ${last}.`,
    value: options.steps,
    remedy: 'Take another number of steps, or timestep_spacing "trailing" with steps_offset 0.',
  })
}

function unchecked({ config, steps, used }: TimestepOptions): number[] {
  const trained = config.num_train_timesteps
  const count = used ?? trained
  switch (config.timestep_spacing) {
    case 'leading': {
      const stride = Math.floor(count / steps)
      const step = (_: unknown, at: number) => (steps - 1 - at) * stride + config.steps_offset
      return Array.from({ length: steps }, step)
    }
    case 'linspace':
      return evenly(0, count - 1, steps).reverse()
    case 'trailing': {
      const step = (_: unknown, at: number) => roundHalfToEven(count - (at * trained) / steps) - 1
      return Array.from({ length: Math.ceil((count * steps) / trained) }, step)
    }
  }
}
