import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { isRunning } from './process-mark.js'

/** Who holds a lock; the content of the lock file. */
export interface LockOwner {
  readonly pid: number
  readonly host: string
  /** When the lock was taken, ISO 8601. */
  readonly started: string
  /** Tells the process from a later one of the same pid; null where the system does not say. */
  readonly mark: string | null
  /** Names this very acquisition: 32 hexadecimal digits. */
  readonly token: string
}

function parseOwner(text: string): LockOwner | null {
  try {
    const { pid, host, started, mark, token } = JSON.parse(text)
    const valid =
      Number.isSafeInteger(pid) &&
      pid > 0 &&
      typeof host === 'string' &&
      typeof started === 'string' &&
      (mark === null || typeof mark === 'string') &&
      /^[0-9a-f]{32}$/.test(token)
    return valid ? { pid, host, started, mark, token } : null
  } catch {
    return null
  }
}

/** The owner in a lock file: `'nobody'` if there is no file, null if it does not say. */
export function readOwner(path: string): LockOwner | 'nobody' | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nobody' : null
  }
  return parseOwner(text)
}

/** Whether the owner has ended without giving the lock back. Of other hosts nothing is known. */
export function isStale({ pid, host, mark }: LockOwner): boolean {
  return host === hostname() && !isRunning(pid, mark)
}
