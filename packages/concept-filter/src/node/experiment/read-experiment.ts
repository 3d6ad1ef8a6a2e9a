import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { openMatrixFile, readJson } from '@assay/store'
import { z } from 'zod'
import type { ExperimentEncoder, FilterExperiment } from './filter-experiment.js'

const words = z.array(z.string()).min(1)
const share = z.number().min(0).max(1.001) // Shares are summed and rounded.

const encoderCard = z.object({
  id: z.string(),
  file: z.string().regex(/^[\w.-]+$/),
  weightsSha256: z.string(),
  preprocessingHash: z.string().nullable(),
})

const experimentCard = z.object({
  schemaVersion: z.literal(1),
  pairs: z.array(
    z.object({
      id: z.string(),
      relation: z.enum(['opposite', 'subset']),
      words: z.object({ unacceptable: words, acceptable: words }),
    }),
  ),
  replacement: z.object({ id: z.string() }),
  filterEncoder: encoderCard,
  judgeEncoder: encoderCard,
})

const pictureKinds = z.array(
  z.strictObject({
    generator: z.string(),
    pair: z.string().nullable(),
    split: z.enum(['tuning', 'test', 'adversarial']),
    side: z.enum(['unacceptable', 'acceptable', 'unrelated']),
    attack: z.string().nullable(),
    against: z.string().nullable(),
    pictures: z.array(
      z.strictObject({
        seed: z.int(),
        prompt: z.string(),
        shares: z.tuple([share, share]).nullable(),
      }),
    ),
  }),
)

/**
 * Reads the experiment in a folder: `concept-filter.json`, `pictures.json`, and the embeddings that the
 * first names.
 *
 * @throws AssayError `FILE_MISSING`, `MALFORMED_JSON`, `MALFORMED_METADATA`, `LIMIT_EXCEEDED`, and what
 *   reading a matrix throws
 */
export async function readFilterExperiment(folder: string): Promise<FilterExperiment> {
  const card = await parsed(join(folder, 'concept-filter.json'), experimentCard)
  const pictures = await parsed(join(folder, 'pictures.json'), pictureKinds)
  return {
    pairs: card.pairs.map(({ id, relation, words }) => ({ id, relation, ...words })),
    replacement: card.replacement.id,
    filterEncoder: await readEncoder(folder, card.filterEncoder),
    judgeEncoder: await readEncoder(folder, card.judgeEncoder),
    pictures,
  }
}

async function readEncoder(
  folder: string,
  { file, id, weightsSha256, preprocessingHash }: z.output<typeof encoderCard>,
): Promise<ExperimentEncoder> {
  const matrix = await openMatrixFile(join(folder, file))
  try {
    return { id, weightsSha256, preprocessingHash, embeddings: await matrix.read() }
  } finally {
    await matrix.close()
  }
}

async function parsed<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { data, error } = schema.safeParse(await readJson(file))
  if (error === undefined) return data
  const [issue] = error.issues
  throw new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${file} describes no experiment, at "${issue?.path.join('.')}": ${issue?.message}.`,
    value: issue?.input,
    remedy: 'Draw it again by models/recipes/concept-filter.',
    location: { file },
  })
}
