import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const data = process.env['ASSAY_DATA'] ?? resolve(root, '../shared/data')

/** Path of test data outside the repository (`ASSAY_DATA`), or null, with a word of why, where it is absent. */
export function assayData(path: string): string | null {
  const found = join(data, path)
  if (existsSync(found)) return found
  console.warn(`skipped: no test data at ${found}; set ASSAY_DATA`)
  return null
}
