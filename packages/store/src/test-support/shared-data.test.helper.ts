import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const beside = fileURLToPath(new URL('../../../../../shared/data', import.meta.url))

/** A file of the real test data, which lies outside the repository; tests skip where it is absent. */
export function sharedData(name: string): { path: string; absent: boolean; note: string } {
  const path = join(process.env['ASSAY_DATA'] ?? beside, name)
  const absent = !existsSync(path)
  return { path, absent, note: absent ? `(skipped: no ${name}; set ASSAY_DATA)` : `(${name})` }
}
