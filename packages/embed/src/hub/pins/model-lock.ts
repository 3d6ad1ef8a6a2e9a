import { z } from 'zod'
import { isInsideFolder } from '../../files/is-inside-folder.js'

const pinSchema = z.strictObject({
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' }),
})

const lockedModelSchema = z.strictObject({
  repository: z.string().describe('Repository on the hub.'),
  revision: z.string().describe('Revision that the card names.'),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, { error: 'must be 40 lower-case hexadecimal digits' })
    .describe('What the revision was when the model was first pulled.'),
  pinned: z.iso.datetime().describe('When the user agreed.'),
  files: z
    .record(z.string().refine(isInsideFolder, { error: 'must stay inside the folder' }), pinSchema)
    .describe('Files whose hash the card does not tell, and what was accepted for them.'),
})

/** The form of `models.lock.json`. */
export const modelLockSchema = z.strictObject({
  schemaVersion: z.literal(1),
  models: z.record(z.string(), lockedModelSchema),
})

/** What a user agreed to take for the files of models whose cards do not tell their hashes. */
export type ModelLock = z.output<typeof modelLockSchema>

/** One model of a {@link ModelLock}. */
export type LockedModel = z.output<typeof lockedModelSchema>
