import { z } from 'zod'

/** Options of the repellency audit. */
export const repellencyOptionsSchema = z
  .strictObject({
    against: z
      .array(z.enum(['protected', 'training']))
      .min(1)
      .optional()
      .describe(
        'Sets whose pictures the outputs may have been remembered from. Default: the protected pictures, or the training pictures where only those are given.',
      ),
    evidence: z
      .string()
      .optional()
      .describe(
        'File of evidence that a shielded run wrote beside its pictures, for instance pictures/shield.json.',
      ),
    base: z
      .string()
      .optional()
      .describe(
        'Folder of the pictures of the same prompts and seeds that were drawn without the shield, to be shown beside those with it.',
      ),
    nearest: z
      .string()
      .optional()
      .describe(
        'Folder of protected pictures to be shown where no set `protected` has them, for instance pictures/nearest.',
      ),
    nearDuplicateThreshold: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('Cosine from which an output reproduces a picture; the encoder card names one.'),
    neighbours: z
      .int()
      .min(1)
      .default(5)
      .describe('k of precision, recall, density and coverage within a prompt.'),
    level: z.number().gt(0).lt(1).default(0.95).describe('Confidence level of every interval.'),
    groups: z
      .int()
      .min(5)
      .default(50)
      .describe(
        'Most groups of prompts that the jackknife of set-level measures leaves out in turn.',
      ),
  })
  .refine(
    ({ evidence, base, nearest }) => evidence !== undefined || (base ?? nearest) === undefined,
    {
      message:
        '`base` and `nearest` are shown beside the pictures that `evidence` tells of, and there is none',
      path: ['evidence'],
    },
  )

export type RepellencyAuditOptions = z.output<typeof repellencyOptionsSchema>
