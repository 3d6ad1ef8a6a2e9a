import { readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AssayError } from '@assay/core'
import { acquireLock } from '@assay/store'
import { cardFile, loadModelCard } from '../card/load-model-card.js'
import type { ModelCard } from '../card/model-card.js'
import { modelFolder, modelLockPath } from './model-folder.js'
import { changeModelLock } from './pins/model-lock-file.js'
import { incompleteName } from './transfer/download-file.js'
import { writing } from './transfer/store-error.js'

/** Which model is removed. */
export interface RemoveModelOptions {
  /** Folder that holds a folder for each model, and the lock file. */
  readonly modelsFolder: string
  readonly id: string
  /** The model's card, for one of which only a part was pulled. Default: the card in its folder. */
  readonly card?: ModelCard
  /** Whether its pins are forgotten too, so that another content may be pinned. Default: false. */
  readonly forget?: boolean
}

/** What was removed. */
export interface RemovedModel {
  readonly id: string
  readonly folder: string
  /** Whether there was a folder. */
  readonly removed: boolean
  /** Files in the folder that the store did not make, and left. */
  readonly left: readonly string[]
}

/**
 * Removes what pulling a model made: the files that its card names, parts of them, its card and the
 * folders that are empty then. Anything else stays.
 *
 * @throws AssayError `LOCKED` while it is being pulled; `MODEL_CARD_INVALID` where the card in the folder
 *   cannot be read and none is given; `FILE_WRITE_FAILED`
 */
export async function removeModel(options: RemoveModelOptions): Promise<RemovedModel> {
  const { modelsFolder, id, forget = false } = options
  const folder = modelFolder(modelsFolder, id)
  const there = await entriesOf(folder)
  if (there !== null) {
    const lock = await acquireLock(modelLockPath(modelsFolder, id))
    try {
      await writing(folder, async () => removeFiles(folder, await filesToRemove(options, folder)))
    } finally {
      lock.release()
    }
  }
  // Last: while its files are here, a pin is what makes them trusted.
  if (forget) await forgetPins(modelsFolder, id)
  return { id, folder, removed: there !== null, left: (await entriesOf(folder)) ?? [] }
}

async function forgetPins(modelsFolder: string, id: string): Promise<void> {
  if ((await entriesOf(modelsFolder)) === null) return
  await changeModelLock(modelsFolder, id, () => null)
}

/** Paths of all files under a folder; null where there is no folder. */
async function entriesOf(folder: string): Promise<readonly string[] | null> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return null
  }
}

async function filesToRemove({ id, card }: RemoveModelOptions, folder: string): Promise<string[]> {
  const inFolder = await loadModelCard(folder).catch((error: unknown) => {
    const known = AssayError.isInstance(error) && error.code === 'MODEL_FILE_MISSING'
    if (known || card !== undefined) return null
    throw error
  })
  if (inFolder !== null && inFolder.id !== id) throw foreign(folder, inFolder.id, id)
  const files = [inFolder, card].flatMap((each) => each?.files ?? [])
  return files.map(({ path }) => join(folder, path))
}

async function removeFiles(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await rm(file, { force: true })
    await rm(incompleteName(file), { force: true })
  }
  // After the files, so that a model of which a part is removed can be removed again.
  await rm(join(folder, cardFile), { force: true })
  for (const file of files) {
    for (let each = dirname(file); each.length > folder.length; each = dirname(each)) {
      await rmdir(each).catch(() => {})
    }
  }
  // A folder that is not empty holds what is not ours.
  await rmdir(folder).catch(() => {})
}

const foreign = (folder: string, owner: string, id: string) =>
  new AssayError({
    code: 'DUPLICATE_ID',
    message: `${folder} belongs to the model ${owner}, not to ${id}.`,
    value: id,
    remedy: `Name ${owner}, if that is meant.`,
  })
