import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AssayError } from '@assay/core'
import { listModels } from '@assay/embed'

/**
 * The folder of a model named by its card's id, or by a path relative to the configuration.
 *
 * @throws AssayError `MODEL_UNKNOWN`
 */
export async function findModelFolder(
  name: string,
  options: { readonly baseFolder: string; readonly modelFolders: readonly string[] },
): Promise<string> {
  const models = await listModels(options.modelFolders)
  const known = models.find(({ card }) => card.id === name)
  if (known) return known.folder
  const path = resolve(options.baseFolder, name)
  if (existsSync(join(path, 'card.json'))) return path
  throw new AssayError({
    code: 'MODEL_UNKNOWN',
    message: `No model is called "${name}", and no folder of that name holds a card.json.`,
    value: name,
    remedy: `Known models: ${models.map(({ card }) => card.id).join(', ')}.`,
  })
}
