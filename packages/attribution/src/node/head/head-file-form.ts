import { AssayError } from '@assay/core'
import { z } from 'zod'
import type { HeadProvenance, HeadSide } from '../../head/attribution-head.js'
import type { FeatureMap } from '../../head/feature-map.js'

/**
 * How a head stands in a safetensors file: the weights of each side under the names that the paper's
 * released checkpoints use, with what must be known of them as texts of the metadata.
 */
export const headForm = {
  format: 'assay-attribution-head',
  version: '1',
} as const

/** What the names of a side's tensors begin with. A shared head has those of `real` only. */
export const sidePrefixes: Readonly<Record<HeadSide, string>> = {
  real: 'real_mapper.',
  synthetic: 'synth_mapper.',
}

/** Bytes of a head file: one that fills the memory. Two sides of 8192 × 8192 in float32 fit. */
export const headFileBytes = 2 ** 30

const booleanText = z.enum(['true', 'false']).transform((text) => text === 'true')

/** The texts of the metadata. */
export const headMetadataSchema = z.object({
  format: z.literal(headForm.format),
  version: z.literal(headForm.version),
  form: z.enum(['linear', 'channel', 'mlp']) satisfies z.ZodType<FeatureMap['form']>,
  normalized: booleanText,
  /** Space of the features that the head expects; left out where it is not known. */
  fingerprint: z.string().optional(),
  /** The head's own fingerprint, as a check of the weights. */
  head: z.string(),
  /** JSON of the provenance; left out where it is not known. */
  provenance: z.string().optional(),
})

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** The provenance as it stands in a file. */
export const headProvenanceSchema: z.ZodType<HeadProvenance> = z.strictObject({
  options: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
  seed: z.union([z.number(), z.string()]),
  steps: z.number().int().nonnegative(),
  models: z.number().int().nonnegative(),
  data: z.strictObject({ real: hash, synthetic: hash, pool: hash.nullable() }),
  engine: z.string(),
  validation: z
    .strictObject({ measure: z.string(), before: z.number(), after: z.number() })
    .nullable(),
})

/** The error of a file that is no whole head. */
export const malformedHead = (
  file: string,
  reason: string,
  { code = 'MALFORMED_SAFETENSORS', cause }: HeadFault = {},
): AssayError =>
  new AssayError({
    code,
    message: `${file} is no attribution head: ${reason}.`,
    value: reason,
    remedy: 'Train the head again, or fetch its file again.',
    location: { file },
    cause,
  })

interface HeadFault {
  readonly code?: 'MALFORMED_SAFETENSORS' | 'MALFORMED_METADATA'
  readonly cause?: unknown
}
