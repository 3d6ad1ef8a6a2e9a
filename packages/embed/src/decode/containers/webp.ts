import { codeOf, hasText, viewOf } from './byte-reading.js'
import type { Container } from './container.js'

interface Chunk {
  /** Its name, as a number. */
  readonly type: number
  readonly length: number
}

/** The chunks of the file: name, length, and data padded to an even length. */
function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes)
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const type = view.getUint32(offset)
    const length = view.getUint32(offset + 4, true)
    yield { type, length }
    offset += 8 + length + (length % 2)
  }
}

const metadataChunks = new Set(['ICCP', 'EXIF', 'XMP '].map(codeOf))
const FRAME = codeOf('ANMF')

/** RFC 9649. A RIFF file that tells its length. */
export const webp: Container = {
  format: 'webp',
  matches: (bytes) => hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP'),
  isComplete: (bytes) => 8 + viewOf(bytes).getUint32(4, true) <= bytes.length,
  *metadata(bytes) {
    for (const { type, length } of chunksOf(bytes)) {
      if (metadataChunks.has(type)) yield { length, packed: null }
    }
  },
  frameCount(bytes) {
    let frames = 0
    for (const { type } of chunksOf(bytes)) if (type === FRAME) frames++
    return frames
  },
}
