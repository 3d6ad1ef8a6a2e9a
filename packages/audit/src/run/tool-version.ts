import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }
import type { AuditDocument } from '../document/audit-document.js'

/** Name and version of this package; the commit too, where it runs from a built source checkout. */
export async function toolVersion(): Promise<AuditDocument['tool']> {
  return { name: 'assay', version: manifest.version, gitSha: await gitSha() }
}

async function gitSha(): Promise<string | null> {
  // Seen from packages/audit/dist; installed from a registry, nothing of a checkout is there.
  const checkout = fileURLToPath(new URL('../../..', import.meta.url))
  if (!existsSync(`${checkout}.git`)) return null
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: checkout })
    return stdout.trim()
  } catch {
    return null // No git on this machine: the version alone must do.
  }
}
