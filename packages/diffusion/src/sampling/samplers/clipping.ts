import { z } from 'zod'
import type { Clipping } from '../schedule.js'

/** Keys of a diffusers configuration that hold every value to a range. */
export const rangeClippingSchema = z.object({
  clip_sample: z.boolean(),
  clip_sample_range: z.number().gt(0).default(1),
})

/** Keys of a diffusers configuration that ask for dynamic thresholding. */
export const thresholdingSchema = z.object({
  thresholding: z.boolean().default(false),
  dynamic_thresholding_ratio: z.number().min(0).max(1).default(0.995),
  sample_max_value: z.number().min(1).default(1),
})

/** Holding values to a range, where it is asked for. */
export const rangeClipping = (config: z.infer<typeof rangeClippingSchema>): Clipping | null =>
  config.clip_sample ? { type: 'range', limit: config.clip_sample_range } : null

/** Dynamic thresholding, where it is asked for. */
export const thresholding = (config: z.infer<typeof thresholdingSchema>): Clipping | null =>
  config.thresholding
    ? {
        type: 'dynamic',
        quantile: config.dynamic_thresholding_ratio,
        maximum: config.sample_max_value,
      }
    : null
