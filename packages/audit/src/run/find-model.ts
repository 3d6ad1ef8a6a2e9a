import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AssayError } from '@assay/core'
import { type InstalledModel, listModels } from '@assay/embed'

/** Where models are looked for. */
export interface FindModelOptions {
  /** Folder that a relative path starts from. */
  readonly baseFolder: string
  /** Folders of models that can be named by their card's id. */
  readonly modelFolders: readonly string[]
}

/** Where a model lies, and what the user accepted for its files when it was pulled. */
export type FoundModel = Pick<InstalledModel, 'folder' | 'pins'>

/**
 * A model named by its card's id, or by the path of its folder.
 *
 * @throws AssayError `MODEL_UNKNOWN`
 */
export async function findModel(name: string, options: FindModelOptions): Promise<FoundModel> {
  const models = await listModels(options.modelFolders)
  const known = models.find(({ card }) => card.id === name)
  if (known) return known
  const path = resolve(options.baseFolder, name)
  if (existsSync(join(path, 'card.json'))) return { folder: path, pins: new Map() }
  throw new AssayError({
    code: 'MODEL_UNKNOWN',
    message: `No model is called "${name}", and no folder of that name holds a card.json.`,
    value: name,
    remedy: `Models on this machine: ${models.map(({ card }) => card.id).join(', ')}. "assay models ls" shows which others can be pulled.`,
  })
}
