import { z } from 'zod'

/** Options of the similarity audit. */
export const similarityOptionsSchema = z.strictObject({
  nearDuplicateThreshold: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      'Cosine from which two pictures count as near-duplicates; the encoder card names one.',
    ),
  neighbours: z.int().min(1).default(5).describe('k of precision, recall, density and coverage.'),
  level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of every interval.'),
  groups: z
    .int()
    .min(5)
    .default(50)
    .describe(
      'Most groups of prompts that the jackknife of set-level measures leaves out in turn.',
    ),
})

export type SimilarityOptions = z.output<typeof similarityOptionsSchema>
