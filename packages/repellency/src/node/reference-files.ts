import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { readJson } from '@assay/store'
import { z } from 'zod'
import { poolProjection } from '../references/pool-projection.js'
import type { Projection } from '../references/projection.js'
import { referenceSpace } from './reference-space.js'

/** What the file that describes references calls itself. */
export const referencesFormat = 'assay.shield-references'

/** What is settled before the first row is written. */
export const referenceSettings = z.strictObject({
  format: z.literal(referencesFormat),
  specificationVersion: z.literal(1),
  space: referenceSpace,
  /** How the numbers of references are stored. */
  type: z.enum(['float16', 'float32']),
  /** Edge of the squares that are averaged for the index. */
  pool: z.int().min(1),
})

/** The file that describes references; it is written last. */
export const referenceManifest = referenceSettings.extend({
  rows: z.int().min(1),
  /** Largest distance between a row that was given and what is stored of it. */
  displacement: z.number().min(0),
  /** Of the file of projections. */
  projectionsSha256: z.string(),
})

/** How far writing came, in a file of its own until it ends. */
export const referenceProgress = referenceSettings.extend({
  rows: z.int().min(0),
  displacement: z.number().min(0),
})

export type ReferenceSettings = z.infer<typeof referenceSettings>
export type ReferenceManifest = z.infer<typeof referenceManifest>
export type ReferenceProgress = z.infer<typeof referenceProgress>

/** The files of a folder of references: numbers row after row, little-endian, and JSON. */
export const referenceFiles = (folder: string) => ({
  manifest: join(folder, 'references.json'),
  progress: join(folder, 'progress.json'),
  vectors: join(folder, 'vectors.raw'),
  projections: join(folder, 'projections.raw'),
  lock: join(folder, 'writing.lock'),
})

export type ReferenceFiles = ReturnType<typeof referenceFiles>

/** How references of these settings are projected. */
export const projectionOf = ({ space, pool }: ReferenceSettings): Projection =>
  poolProjection({ ...space, pool })

/** Throws `MALFORMED_METADATA` where a file is not what a schema says, and what `readJson` throws. */
export async function readDescription<Description>(
  file: string,
  schema: z.ZodType<Description>,
): Promise<Description> {
  const parsed = schema.safeParse(await readJson(file))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${file} does not describe references at "${issue?.path.join('.')}": ${issue?.message}.`,
    value: issue?.input,
    remedy: 'Write the references again, with `writeShieldReferences`.',
    location: { file },
  })
}
