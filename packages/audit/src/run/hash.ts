import { createHash } from 'node:crypto'
import { canonicalJson } from '../document/serialize.js'

/** sha256 of a value's canonical JSON, as 64 hex digits. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
