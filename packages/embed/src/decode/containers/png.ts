import { hasText, viewOf } from './byte-reading.js'
import type { Container } from './container.js'

/** W3C PNG. Chunks of length, type, data and checksum, the last of which is IEND. */
export const png: Container = {
  format: 'png',
  matches: (bytes) => hasText(bytes, 0, '\x89PNG\r\n\x1a\n'),
  isComplete(bytes) {
    const view = viewOf(bytes)
    let offset = 8
    while (offset + 12 <= bytes.length) {
      if (hasText(bytes, offset + 4, 'IEND')) return true
      offset += 12 + view.getUint32(offset)
    }
    return false
  },
}
