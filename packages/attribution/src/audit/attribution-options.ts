import { z } from 'zod'

/** Options of the attribution audit. */
export const attributionOptionsSchema = z.strictObject({
  head: z
    .string()
    .optional()
    .describe(
      'File of a head for unit embeddings of the encoder, as `assay attribution tune` writes it.',
    ),
  calibration: z
    .string()
    .optional()
    .describe(
      'File of a calibration, as `assay attribution calibrate` writes it; without one nothing has influence.',
    ),
  matches: z.int().min(1).max(100).default(5).describe('Training pictures named for each output.'),
  groupBy: z
    .string()
    .optional()
    .describe(
      'Field of the training metadata to credit by, for instance artist, licence or source.',
    ),
  groups: z.int().min(1).default(10).describe('Groups that are credited one by one.'),
  dominant: z
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe('Influence from which one training picture counts as dominating an output.'),
  level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of every interval.'),
})

export type AttributionOptions = z.output<typeof attributionOptionsSchema>
