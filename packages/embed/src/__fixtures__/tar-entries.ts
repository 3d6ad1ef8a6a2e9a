import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Names and bytes of the plain files in a trusted `.tar.gz`. */
export function tarEntries(path: string): [name: string, bytes: Buffer][] {
  const archive = gunzipSync(readFileSync(path))
  const entries: [string, Buffer][] = []
  for (let offset = 0; archive[offset]; ) {
    const field = (start: number, end: number) =>
      archive.toString('latin1', offset + start, offset + end).replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 136), 8)
    if (field(156, 157) === '0') {
      entries.push([field(0, 100), archive.subarray(offset + 512, offset + 512 + size)])
    }
    offset += 512 + Math.ceil(size / 512) * 512
  }
  return entries
}
