import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ItemFailure, itemFailure } from '@assay/core'
import { pinsOf, readModelLock } from '../hub/pins/model-lock-file.js'
import { cardFile, loadModelCard } from './load-model-card.js'
import type { ModelCard } from './model-card.js'
import type { ModelPins } from './model-pins.js'

/** A model on this machine. */
export interface InstalledModel {
  readonly folder: string
  readonly card: ModelCard
  /** What the user accepted for its files when it was pulled; empty for any other model. */
  readonly pins: ModelPins
}

/** How models are listed. */
export interface ListModelsOptions {
  /** Told of every card that is wrong, which is then left out. Default: the first one is thrown. */
  readonly onInvalid?: (failure: ItemFailure) => void
}

/** Folders within folders that are searched: `models/owner/name/card.json` is found. */
const deepest = 3

/**
 * The models in some folders and their subfolders, folder by folder and by name within one; their
 * files are not verified. Folders that do not exist are passed over.
 *
 * @throws AssayError `MODEL_CARD_INVALID` for a wrong card, unless `onInvalid` is given, and for a wrong
 *   lock file
 */
export async function listModels(
  folders: readonly string[],
  { onInvalid }: ListModelsOptions = {},
): Promise<readonly InstalledModel[]> {
  const models: InstalledModel[] = []
  for (const root of folders) {
    const lock = await readModelLock(root)
    for await (const folder of modelFolders(root, deepest)) {
      try {
        const card = await loadModelCard(folder)
        models.push({ folder, card, pins: pinsOf(lock, card.id) })
      } catch (error) {
        if (onInvalid === undefined) throw error
        onInvalid(itemFailure(folder, 'read', error))
      }
    }
  }
  return models
}

async function* modelFolders(folder: string, depth: number): AsyncGenerator<string> {
  // A folder that is absent or closed to this user holds no model for this user.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  if (entries.some((entry) => entry.name === cardFile)) yield folder
  else if (depth > 0) {
    const below = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    for (const name of below.sort()) yield* modelFolders(join(folder, name), depth - 1)
  }
}
