import { readFileSync } from 'node:fs'

/** MiB of memory that a process holds, or null where the system (other than Linux) does not say. */
export function residentMegabytes(pid: number): number | null {
  try {
    const [, kibibytes] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kibibytes === undefined ? null : Number(kibibytes) / 1024
  } catch {
    return null
  }
}
