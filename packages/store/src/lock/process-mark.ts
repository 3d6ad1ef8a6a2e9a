import { readFileSync } from 'node:fs'
import { isSystemError } from '../files/file-error.js'

// Fields of /proc/PID/stat that follow the command's name, counted from the state (proc(5)).
const stateField = 0
const startField = 19

/**
 * When a process started, in the clock ticks that Linux counts: tells it from a later process that
 * was given the same number. `'gone'` if it has ended, null where the system does not say.
 */
function startTicks(pid: number): string | 'gone' | null {
  let status: string
  try {
    status = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return null
  }
  // The name stands in brackets and may itself hold spaces and brackets.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  return fields[stateField] === 'Z' ? 'gone' : (fields[startField] ?? null)
}

/** What tells this process from every other of this machine, as far as the system says. */
export function ownMark(): string | null {
  return startTicks(process.pid)
}

/** Whether the process that was given `pid` and left `mark` is still running. */
export function isRunning(pid: number, mark: string | null): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, and belongs to someone else.
    if (isSystemError(error) && error.code !== 'EPERM') return false
  }
  const now = startTicks(pid)
  return now !== 'gone' && (mark === null || now === null || mark === now)
}
