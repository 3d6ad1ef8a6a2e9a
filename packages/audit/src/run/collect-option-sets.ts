import { AssayError } from '@assay/core'
import { type CollectedSet, type CollectOptions, collectSet } from './collect-inputs.js'
import type { SelectedAudit } from './select-audits.js'

/** What the sets of a run are called: an option may call no other so. */
const inputNames = ['outputs', 'protected', 'reference', 'training']

/**
 * Reads and hashes the picture sets that the options of the audits name, each once, in the order of their names.
 *
 * @throws AssayError `CONFIG_INVALID` where one name stands for two sets; what `readPictureSet` throws
 */
export async function collectOptionSets(
  selected: readonly SelectedAudit[],
  collecting: CollectOptions,
): Promise<readonly CollectedSet<string>[]> {
  const paths = new Map<string, string>()
  for (const { audit, options } of selected) {
    for (const [name, path] of Object.entries(audit.pictureSets?.(options) ?? {})) {
      const isTaken = inputNames.includes(name) || (paths.get(name) ?? path) !== path
      if (isTaken) throw nameTaken(name, path)
      paths.set(name, path)
    }
  }
  const named = [...paths].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Promise.all(named.map(([name, path]) => collectSet(name, path, collecting)))
}

const nameTaken = (name: string, path: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `Findings cannot call the pictures of ${path} ${name}: another set is called so.`,
    value: name,
    remedy: 'Name the same folder in the options of all audits, or run the audits one by one.',
  })
