import { hasText, viewOf } from './byte-reading.js'
import type { Container } from './container.js'

/** RFC 9649. A RIFF file that tells its length. */
export const webp: Container = {
  format: 'webp',
  matches: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
  isComplete: (bytes) => 8 + viewOf(bytes).getUint32(4, true) <= bytes.length,
}
