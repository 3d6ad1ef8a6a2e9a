import { z } from 'zod'
import { optionalPartJson } from './part-json.js'

const text = z.string().min(1)

/** Inside the folder of the card on any system: no drive, no backslash, no `.`, `..` or empty part. */
const path = text.refine(
  (value) =>
    !/[\\:\p{Cc}]/u.test(value) &&
    value.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
  { error: 'must stay inside the folder of the card' },
)

const fileSchema = z.strictObject({
  path,
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' }),
})

const intervalSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1),
  method: text,
})

const qualitySchema = z.strictObject({
  name: text,
  value: z.number(),
  interval: intervalSchema.nullable().describe('Null where none was estimated; `note` says why.'),
  n: z.int().nonnegative(),
  chance: z.number().nullable().describe('What guessing would reach.'),
  note: z.string(),
})

/** The form of `pipeline-card.json`. */
const schema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('pipeline'),
  id: text,
  title: text,
  description: text,
  licence: text.describe('SPDX identifier or name of the licence of the weights.'),
  commercialUse: z.boolean(),
  source: text.describe('Where the weights come from.'),
  attribution: text.nullable(),
  files: z.array(fileSchema).min(1),
  defaults: z.strictObject({
    steps: z.int().positive(),
    guidanceScale: z.number().min(1),
  }),
  sheet: path.nullable().describe('A contact sheet to look at.'),
  quality: z.array(qualitySchema),
})

/** What is known of a pipeline: its files, licence, defaults, and how good it is. */
export type PipelineCard = z.output<typeof schema>

/** One file of a pipeline. */
export type PipelineFile = PipelineCard['files'][number]

/** Name of the card in a pipeline's folder. Encoders have a `card.json`, of another form. */
export const pipelineCardFile = 'pipeline-card.json'

/**
 * The checked card of a pipeline, or null where its folder has none, as published folders do.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE`
 */
export const readPipelineCard = (folder: string): Promise<PipelineCard | null> =>
  optionalPartJson({ folder, path: pipelineCardFile, schema })
