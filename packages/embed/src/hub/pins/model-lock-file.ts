import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { acquireLock, readJson, writeFileAtomic } from '@assay/store'
import type { ModelPins } from '../../card/model-pins.js'
import { type LockedModel, type ModelLock, modelLockSchema } from './model-lock.js'

/** Name of the lock file in a folder of models. */
const lockFile = 'models.lock.json'
/** Pins are written in a moment; who holds the lock for longer is stuck. */
const WAIT_SECONDS = 30

/**
 * The lock file of a folder of models; an empty one where there is none.
 *
 * @throws AssayError `MALFORMED_JSON`, `MODEL_CARD_INVALID` where it has another form; `FILE_READ_FAILED`
 */
export async function readModelLock(modelsFolder: string): Promise<ModelLock> {
  const file = join(modelsFolder, lockFile)
  const value = await readJson(file).catch((error: unknown) => {
    if (AssayError.isInstance(error) && error.code === 'FILE_MISSING') return null
    throw error
  })
  if (value === null) return { schemaVersion: 1, models: {} }
  const parsed = modelLockSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AssayError({
    code: 'MODEL_CARD_INVALID',
    message: `The lock file ${file} is wrong at ${issue?.path.join('.')}: ${issue?.message}.`,
    value: file,
    remedy: 'Correct it, or delete it and pull its models again.',
    location: { file },
    cause: parsed.error,
  })
}

/** What a lock file says of a model, or null. */
export function lockedModel({ models }: ModelLock, id: string): LockedModel | null {
  return Object.hasOwn(models, id) ? (models[id] ?? null) : null
}

/** Pins of a model in a lock file; none where it does not name the model. */
export function pinsOf(lock: ModelLock, id: string): ModelPins {
  return new Map(Object.entries(lockedModel(lock, id)?.files ?? {}))
}

/**
 * Changes what the lock file says of a model: alone, and whole or not at all.
 *
 * @param change given what it says now, what it shall say; null: nothing
 * @throws AssayError `LOCKED`, `FILE_WRITE_FAILED`; as {@link readModelLock}; and what `change` throws
 */
export async function changeModelLock(
  modelsFolder: string,
  id: string,
  change: (now: LockedModel | null) => LockedModel | null,
): Promise<void> {
  const lock = await acquireLock(join(modelsFolder, `.${lockFile}.lock`), { wait: WAIT_SECONDS })
  try {
    const now = await readModelLock(modelsFolder)
    const wanted = change(lockedModel(now, id))
    const { [id]: _, ...others } = now.models
    const models = wanted === null ? others : { ...others, [id]: wanted }
    const sorted = Object.fromEntries(Object.entries(models).sort(([a], [b]) => (a < b ? -1 : 1)))
    const text = JSON.stringify({ schemaVersion: 1, models: sorted } satisfies ModelLock, null, 2)
    await writeFileAtomic(join(modelsFolder, lockFile), `${text}\n`)
  } finally {
    lock.release()
  }
}
