import { z } from 'zod'

const words = z.array(z.string().min(1)).min(1)

const wordPair = z
  .strictObject({
    id: z.string().min(1).describe('Name in the report.'),
    unacceptable: words.describe('Words for what pictures must not show; several are averaged.'),
    acceptable: words.describe('Words for what they should show instead.'),
    relation: z
      .enum(['opposite', 'subset'])
      .default('subset')
      .describe('Opposites, or the unacceptable concept a special case of the acceptable one.'),
  })
  .describe('A pair of your own words.')

/** Options of the concept-filter audit. */
export const conceptFilterOptionsSchema = z
  .strictObject({
    pairs: z
      .array(z.union([z.string().describe('Id of a preset, for instance violence.'), wordPair]))
      .default([])
      .describe('What pictures must not show, beside what they should show instead.'),
    filter: z
      .string()
      .optional()
      .describe(
        'File of a filter, as `assay filter tune` and `calibrate` write it, in place of pairs.',
      ),
    threshold: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe('Confidence above which the pairs of words flag; a filter in a file has its own.'),
    logitScale: z
      .number()
      .gt(0)
      .default(100)
      .describe(
        "The encoder card's multiplier of cosines; confidences depend on it, and no radius.",
      ),
    relevanceFloor: z
      .number()
      .min(-1)
      .lt(1)
      .optional()
      .describe('Cosine with either side below which nothing is flagged. Default: none.'),
    drift: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe(
        'How far embeddings of one picture differ between builds of the encoder, relative to their length; taken off every radius. Default: none, or that of the file.',
      ),
    level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of every interval.'),
  })
  .refine(({ pairs, filter }) => pairs.length === 0 || filter === undefined, {
    message: 'give either `pairs` or `filter`',
    path: ['pairs'],
  })

export type ConceptFilterAuditOptions = z.output<typeof conceptFilterOptionsSchema>
