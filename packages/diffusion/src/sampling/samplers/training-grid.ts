import { z } from 'zod'
import {
  roundHalfToEven,
  spacedTimesteps,
  timestepSpacingSchema,
} from '../schedules/timestep-spacing.js'
import { trainingNoiseSchema } from '../schedules/training-noise.js'
import { rangeClippingSchema, thresholdingSchema } from './clipping.js'
import { predictionTypeSchema } from './scheduler-reader.js'

/** Keys of the samplers that stay on the timesteps of the training: DDPM and DDIM. */
export const trainingGridSchema = z.object({
  ...trainingNoiseSchema.shape,
  ...predictionTypeSchema.shape,
  ...timestepSpacingSchema.shape,
  timestep_spacing: timestepSpacingSchema.shape.timestep_spacing.default('leading'),
  ...rangeClippingSchema.shape,
  clip_sample: rangeClippingSchema.shape.clip_sample.default(true),
  ...thresholdingSchema.shape,
})

/** The timesteps of a run, whole numbers from the noisiest on. */
export const gridTimesteps = (
  config: z.output<typeof trainingGridSchema>,
  steps: number,
): number[] => spacedTimesteps({ config, steps }).map(roundHalfToEven)
