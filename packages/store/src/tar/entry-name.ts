import type { TarLimits } from './tar-limits.js'

/** The name without a leading `./`, as `tar -c .` writes it. */
export const plainName = (name: string): string => name.replace(/^(\.\/+)+/, '')

/**
 * Why a name must not be used as a path, or null. Backslashes and drive letters count on every
 * system: an archive is judged the same wherever it is read.
 */
export function nameFault(name: string, limits: TarLimits): string | null {
  const parts = name.split(/[\\/]/)
  if (name === '') return 'an empty name'
  if (name.length > limits.nameLength) return `a name longer than ${limits.nameLength}`
  if (parts.length > limits.depth + 1) return `a name of more than ${limits.depth} folders`
  if (/\p{Cc}/u.test(name)) return 'a control character in its name'
  if (parts[0] === '' || /^[A-Za-z]:/.test(name)) return 'an absolute name'
  if (parts.includes('..')) return 'a name with ".."'
  return null
}

/** What two names have in common that some file system cannot tell apart: case, `ß` and `ss`, composition. */
export const collisionKey = (name: string): string =>
  name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
