import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Check } from './check.js'

const LOAD_SECONDS = 20

/** The file of a module as `@assay/vector-index`, which would load it, finds it; null where there is none. */
function resolved(name: string): string | null {
  try {
    const audit = createRequire(import.meta.resolve('@assay/audit'))
    return createRequire(audit.resolve('@assay/vector-index')).resolve(name)
  } catch {
    return null
  }
}

/** A search library, loaded in a process of its own: native code that crashes takes only that along. */
const library = (name: string): Check => ({
  name,
  needed: false,
  remedy: 'Only its adapter in @assay/vector-index needs it, whose README says how to install it.',
  async attempt() {
    const file = resolved(name)
    if (file === null) return { works: false, detail: 'not installed' }
    const load = ['--input-type=module', '--eval', 'await import(process.argv[1])']
    const child = promisify(execFile)
    try {
      await child(process.execPath, [...load, pathToFileURL(file).href], {
        timeout: LOAD_SECONDS * 1000,
      })
      return { works: true, detail: 'loads' }
    } catch {
      return { works: false, detail: `installed, but does not load (${file})` }
    }
  },
})

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const chromium: Check = {
  name: 'Chromium',
  needed: false,
  remedy: 'Only the browser tests of a checkout need it: install it, or name it in ASSAY_CHROMIUM.',
  async attempt() {
    const folders = (process.env['PATH'] ?? '').split(delimiter)
    const onPath = folders.flatMap((folder) => chromiumNames.map((name) => join(folder, name)))
    const found = [process.env['ASSAY_CHROMIUM'] ?? '', ...onPath].find(existsSync)
    return { works: found !== undefined, detail: found ?? 'not found' }
  },
}

/** What can be used where it is there. */
export const optionalChecks: readonly Check[] = [
  library('usearch'),
  library('faiss-node'),
  chromium,
]
