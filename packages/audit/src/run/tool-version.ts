import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { AuditDocument } from '../document/audit-document.js'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

/** Name and version of this package; the commit too, where it runs from a source checkout. */
export async function toolVersion(): Promise<AuditDocument['tool']> {
  const manifest: unknown = JSON.parse(await readFile(`${packageFolder}package.json`, 'utf8'))
  const { version } = manifest as { version: string }
  return { name: 'assay', version, gitSha: await gitSha() }
}

async function gitSha(): Promise<string | null> {
  const checkout = fileURLToPath(new URL('../../..', import.meta.url))
  if (!existsSync(`${checkout}.git`)) return null
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: checkout })
    return stdout.trim()
  } catch {
    return null // No git on this machine: the version alone must do.
  }
}
