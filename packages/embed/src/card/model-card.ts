import { z } from 'zod'
import { isInsideFolder } from '../files/is-inside-folder.js'
import { preprocessingSchema } from '../preprocess/preprocessing.js'

const text = z.string().min(1)
const share = z.number().min(0).max(1)
const count = z.int().nonnegative()
const path = text.refine(isInsideFolder, { error: 'must stay inside the folder of the card' })

/** Absent and null are the same: the model has none, or nobody measured it. */
const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null)

const orEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(schema)
    .nullish()
    .transform((value) => value ?? [])

const tensorSchema = z.strictObject({
  name: text.describe('Name in the graph.'),
  type: text.describe('Element type, for instance `float32`.'),
  shape: z.array(z.union([z.int().positive(), text])).describe('A string names a free dimension.'),
})

const fileSchema = z
  .strictObject({
    path: path.describe('Path from the folder of the card, with forward slashes.'),
    bytes: count.nullable(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' })
      .nullable()
      .describe('Null where it is not known; the file is then opened only where a pin says it.'),
    reason: orNull(text).describe('Why `bytes` or `sha256` is null.'),
  })
  .refine(
    ({ bytes, sha256, reason }) => (reason !== null) === (bytes === null || sha256 === null),
    { path: ['reason'], error: 'must stand exactly where bytes or sha256 is null' },
  )

const repositorySchema = z.strictObject({
  hub: z.literal('huggingface'),
  id: z
    .string()
    .regex(/^(?!.*\.\.)[\w.-]+\/[\w.-]+$/, { error: 'must be owner/name' })
    .describe('Repository on the hub, for instance `Xenova/clip-vit-base-patch32`.'),
  revision: z
    .string()
    .regex(/^(?!.*\.\.)[\w.-]+$/, { error: 'must be a branch, a tag or a commit' })
    .describe('Branch, tag or commit; only a commit can never change.'),
  folder: orNull(path).describe('Folder in the repository that the paths of `files` start from.'),
})

const conversionSchema = z.strictObject({
  recipe: path.describe('Script of `models/recipes` that exports the original weights to ONNX.'),
  weights: text.describe('Where the original weights are.'),
  reason: text.describe('Why no repository is named.'),
})

const poolingSchema = z
  .enum(['none', 'cls', 'mean'])
  .nullish()
  .transform((value) => value ?? 'none')
  .describe(
    'How an output with a row a token becomes one vector: `cls`: its first row; `mean`: the mean of its rows, in a text tower of those that are not padding. `none` (default): the output is the vector.',
  )

const towerFields = {
  model: path.describe('ONNX file of the tower.'),
  data: orEmpty(path).describe(
    "Files with the graph's external data. It is then opened by its path.",
  ),
  input: tensorSchema,
  output: tensorSchema,
  pooling: poolingSchema,
}

const imageSchema = z.strictObject({ ...towerFields, preprocessing: preprocessingSchema })

const textSchema = z.strictObject({
  ...towerFields,
  otherInputs: orEmpty(
    z.strictObject({
      name: text.describe('Name in the graph; type and shape are those of `input`.'),
      content: z
        .enum(['attention-mask', 'position-ids', 'token-type-ids'])
        .describe('1 for a token and 0 for padding; 0, 1, 2 …; or 0 throughout.'),
    }),
  ).describe('What the graph takes besides the token ids.'),
  tokenizer: z.strictObject({
    path: path.describe('tokenizer.json in the Hugging Face form, or a SentencePiece model.'),
    config: orNull(path).describe(
      'tokenizer_config.json in the Hugging Face form, if there is one.',
    ),
    sentencePiece: orNull(
      z.strictObject({
        canonicalize: z
          .boolean()
          .describe('Whether prompts lose case, ASCII punctuation and repeated white space first.'),
        endTokenId: count.describe('Ends every prompt.'),
      }),
    ).describe('Only where `path` is a SentencePiece model.'),
    contextLength: z.int().min(2).max(65_536).describe('Tokens a prompt is padded or cut to.'),
    padTokenId: count,
  }),
})

const qualitySchema = z.strictObject({
  name: text,
  value: z.number(),
  interval: orNull(
    z.strictObject({ low: z.number(), high: z.number(), level: share, method: text }),
  ),
  n: count,
  chance: orNull(z.number()).describe('What guessing would reach.'),
  note: z
    .string()
    .nullish()
    .transform((value) => value ?? ''),
})

const nearDuplicateSchema = z.strictObject({
  threshold: z.number().min(-1).max(1).describe('Cosine from which two pictures count as copies.'),
  falsePositiveRate: share,
  detectionRate: share,
  measuredOn: text,
})

/** The form of `card.json`, before files and shapes are compared with each other. */
export const modelCardSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: text.describe('For instance `assay/tiny-clip`.'),
  title: text,
  description: text,
  licence: text.describe('SPDX identifier or name of the licence of the weights.'),
  commercialUse: z.boolean().describe('Whether the licence allows commercial use.'),
  source: text.describe('Where the weights come from.'),
  attribution: orNull(text),
  dimensions: z.int().min(1).max(65_536).describe('Length of an embedding.'),
  space: text.describe('Pictures and prompts of one space may be compared.'),
  files: z.array(fileSchema).min(1),
  repository: orNull(repositorySchema).describe('Where the files can be fetched.'),
  conversion: orNull(conversionSchema).describe(
    'How the files are made, where nobody publishes them.',
  ),
  image: orNull(imageSchema),
  text: orNull(textSchema),
  logitScale: orNull(z.number().positive()),
  nearDuplicate: orNull(nearDuplicateSchema),
  quality: orEmpty(qualitySchema),
})

/** What is known of a model: its files, how it is fed, what it may be used for, how good it is. */
export type ModelCard = z.output<typeof modelCardSchema>

/** One file of a model. */
export type ModelFile = ModelCard['files'][number]

/** How a card describes an input or output of a graph. */
export type CardTensor = z.output<typeof tensorSchema>

/** How an output with a row a token becomes one vector. */
export type Pooling = z.output<typeof poolingSchema>
