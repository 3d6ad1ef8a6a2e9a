import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clipTokenizerJson, promptTokenizer, type TokenizedPrompt } from '@assay/embed'
import { z } from 'zod'
import { incompatible, missing } from '../folder/model-errors.js'
import { optionalPartJson } from '../folder/part-json.js'

/** A special token stands as its text, or as an object that says more of it. */
const tokenSchema = z
  .union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
  .nullish()

const configSchema = z.looseObject({
  pad_token: tokenSchema,
  model_max_length: z.number().optional(),
})
const specialSchema = z.looseObject({ pad_token: tokenSchema })
const vocabularySchema = z.record(z.string(), z.int().nonnegative())
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).default([]),
  model: z.looseObject({
    vocab: z.union([vocabularySchema, z.array(z.tuple([z.string(), z.number()]))]),
  }),
})

/** Where a tokenizer is, and how long prompts are for its encoder. */
interface OpenTokenizerOptions {
  readonly folder: string
  /** Folder of the part, for instance `tokenizer`. */
  readonly part: string
  /** Tokens that the encoder's graph is made for, or null where it takes any number. */
  readonly tokens: number | null
  /** Most tokens that the pipeline reads, where the tokenizer allows more. */
  readonly most: number
}

/**
 * Reads a tokenizer from its `tokenizer.json`, or from CLIP's `vocab.json` and `merges.txt`. Prompts are
 * padded to the full context, as diffusers does.
 *
 * @throws AssayError `MODEL_FILE_MISSING`, `MODEL_INCOMPATIBLE`
 */
export async function openTokenizer({
  folder,
  part,
  tokens,
  most,
}: OpenTokenizerOptions): Promise<(prompt: string) => TokenizedPrompt> {
  const read = <Schema extends z.ZodType>(name: string, schema: Schema) =>
    optionalPartJson({ folder, path: `${part}/${name}`, schema })
  const config = await read('tokenizer_config.json', configSchema)
  const special = await read('special_tokens_map.json', specialSchema)
  const json =
    (await read('tokenizer.json', tokenizerSchema)) ??
    tokenizerSchema.parse(await clipFiles(folder, part))
  const padding = special?.pad_token ?? config?.pad_token ?? '<|endoftext|>'
  const padTokenId = tokenId(json, padding)
  if (padTokenId === null) {
    const file = join(folder, part)
    throw withoutToken(file, padding)
  }
  const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value))
  return promptTokenizer(
    { tokenizer: encode(json), config: config && encode(config) },
    {
      sentencePiece: null,
      contextLength: tokens ?? Math.min(config?.model_max_length ?? most, most),
      padTokenId,
    },
  )
}

function tokenId(json: z.output<typeof tokenizerSchema>, token: string): number | null {
  const added = json.added_tokens.find(({ content }) => content === token)
  if (added) return added.id
  const { vocab } = json.model
  if (!Array.isArray(vocab)) return vocab[token] ?? null
  const at = vocab.findIndex(([piece]) => piece === token)
  return at === -1 ? null : at
}

async function clipFiles(folder: string, part: string): Promise<object> {
  const vocabulary = await optionalPartJson({
    folder,
    path: `${part}/vocab.json`,
    schema: vocabularySchema,
  })
  const merges = await readFile(join(folder, part, 'merges.txt'), 'utf8').catch(() => null)
  const file = join(folder, part)
  if (vocabulary !== null && merges !== null) {
    const json = clipTokenizerJson({ vocabulary, merges })
    const lacking = json.added_tokens.find(({ id }) => id === undefined)
    if (lacking) throw withoutToken(file, lacking.content)
    return json
  }
  throw missing({
    file,
    message: `${file} holds neither a tokenizer.json nor CLIP's vocab.json and merges.txt.`,
    remedy:
      'Copy the tokenizer from the original model; SentencePiece models need a tokenizer.json.',
  })
}

const withoutToken = (file: string, token: string) =>
  incompatible({
    file,
    message: `The special token ${JSON.stringify(token)} is not in the vocabulary of ${file}.`,
    value: token,
    remedy: 'Copy the whole tokenizer folder of the original model.',
  })
