import { basename, join } from 'node:path'
import { AssayError } from '@assay/core'
import { cardFile } from '../card/load-model-card.js'
import type { ModelCard } from '../card/model-card.js'
import { incompleteName } from './transfer/download-file.js'

/** Ids that make plain folder names on any system. */
const plainId = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/

/**
 * Folder of a model in a folder of models: one level, with `--` for each slash of the id.
 *
 * @throws AssayError `INVALID_ARGUMENT` where the id makes no folder name
 */
export function modelFolder(modelsFolder: string, id: string): string {
  if (plainId.test(id)) return join(modelsFolder, id.replaceAll('/', '--'))
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The model id "${id}" makes no folder name.`,
    value: id,
    remedy: 'An id holds letters, digits, ".", "_" and "-", in parts between slashes.',
  })
}

/** The lock of whoever changes a model's folder; beside it, so that the folder can be removed. */
export const modelLockPath = (modelsFolder: string, id: string): string =>
  join(modelsFolder, `.${basename(modelFolder(modelsFolder, id))}.lock`)

/** Names that are one name on a file system that does not tell case or normalisation apart. */
const folded = (path: string) => path.normalize('NFC').toUpperCase().toLowerCase()

/**
 * Refuses files of a card that cannot all lie in one folder on every system: names that differ in case
 * only, a file where another needs a folder, and names that the store uses itself.
 *
 * @throws AssayError `MODEL_CARD_INVALID`
 */
export function assertStorable({ id, files }: Pick<ModelCard, 'id' | 'files'>): void {
  const names = new Set(files.map(({ path }) => folded(path)))
  const reserved = new Set([cardFile, ...files.map(({ path }) => folded(incompleteName(path)))])
  const isUnder = (path: string) =>
    path.split('/').some((_, parts, all) => parts > 0 && names.has(all.slice(0, parts).join('/')))
  const reason = [...names].some((name) => reserved.has(name))
    ? 'a file has a name that the store uses itself'
    : names.size < files.length || [...names].some(isUnder)
      ? 'two files have names that some systems cannot tell apart'
      : null
  if (reason === null) return
  throw new AssayError({
    code: 'MODEL_CARD_INVALID',
    message: `The files of ${id} cannot lie in one folder: ${reason}.`,
    value: id,
    remedy: 'Use a card whose files have other names.',
  })
}
