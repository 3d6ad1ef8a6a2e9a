import { devices } from '@assay/tensor'
import { z } from 'zod'

/** The configuration of a run, as `assay.config.ts` or `.json` gives it. Unknown keys are errors. */
export const assayConfigSchema = z
  .strictObject({
    encoder: z
      .string()
      .default('assay/tiny-clip')
      .describe('Model id, or path of a model folder with a card.json.'),
    outputs: z
      .string()
      .describe('Folder of the generated pictures; metadata.jsonl beside them tells prompts.'),
    protected: z.string().optional().describe('Folder of the pictures that outputs must not copy.'),
    reference: z
      .string()
      .optional()
      .describe('Folder of real pictures to compare the outputs with.'),
    training: z
      .string()
      .optional()
      .describe('Folder of the pictures that the generator was trained on, or of a part of them.'),
    only: z.array(z.string()).optional().describe('Audits to run; all where absent.'),
    device: z
      .enum(devices)
      .default('cpu')
      .describe('What computes; it must be there, and nothing takes its place. Results differ.'),
    seed: z.int().nonnegative().default(1).describe('Seed of everything random in the run.'),
    tolerance: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe('Share of pictures that may fail before the run counts as partial (exit code 3).'),
    audits: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Options of each audit, by its id; see `assay explain ID`.'),
  })
  .meta({ id: 'AssayConfig', title: 'Assay configuration' })

/** A configuration as written: fields with a default may be left out. */
export type AssayConfig = z.input<typeof assayConfigSchema>

/** A configuration with its defaults. */
export type ResolvedConfig = z.output<typeof assayConfigSchema>

/** The JSON Schema (draft 2020-12) of a configuration, as published with the package. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(assayConfigSchema, { io: 'input' }) as Record<string, unknown>
}

/** Gives a configuration its type; changes nothing. */
export function defineConfig(config: AssayConfig): AssayConfig {
  return config
}
