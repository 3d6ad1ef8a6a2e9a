import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { sha256, sha256File } from '@assay/store'
import type { SelectedAudit } from './select-audits.js'

/** A file that an option names. */
export interface OptionFile {
  /** As the option names it. */
  readonly path: string
  readonly sha256: string
  readonly bytes: Uint8Array
}

/**
 * Reads the files that the options of the audits name, each once, in the order of their names.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`
 */
export async function readOptionFiles(
  selected: readonly SelectedAudit[],
  baseFolder: string,
): Promise<readonly OptionFile[]> {
  const named = selected.flatMap(({ audit, options }) => audit.files?.(options) ?? [])
  return Promise.all(
    [...new Set(named)].sort().map(async (path) => {
      const file = resolve(baseFolder, path)
      await sha256File(file) // Says in known words why a file cannot be read.
      const bytes = await readFile(file)
      return { path, sha256: sha256(bytes), bytes }
    }),
  )
}
