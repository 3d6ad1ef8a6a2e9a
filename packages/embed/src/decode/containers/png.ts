import { codeOf, hasText, viewOf } from './byte-reading.js'
import type { Container } from './container.js'

/** Bytes of a chunk around its data: length, name and checksum. */
const chunkFrame = 12

interface Chunk {
  /** Its name, as a number. */
  readonly type: number
  readonly data: Uint8Array
}

/** Chunks that hold pixels or say how they are stored, also those of an animation. */
const pictureChunks = new Set(
  ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'acTL', 'fcTL', 'fdAT'].map(codeOf),
)
const END = codeOf('IEND')
const PROFILE = codeOf('iCCP')
const PACKED_TEXT = codeOf('zTXt')
const UNICODE_TEXT = codeOf('iTXt')

/** Chunks of length, type, data and checksum, as far as they are whole. */
function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes)
  let offset = 8
  while (offset + chunkFrame <= bytes.length) {
    const length = view.getUint32(offset)
    const data = bytes.subarray(offset + 8, offset + 8 + length)
    if (data.length < length) return
    yield { type: view.getUint32(offset + 4), data }
    offset += chunkFrame + length
  }
}

/** What is packed in a chunk of text or profile, which a keyword precedes (PNG, 11.3.3 and 11.3.4). */
function packedPart({ type, data }: Chunk): Uint8Array | null {
  if (type !== PROFILE && type !== PACKED_TEXT && type !== UNICODE_TEXT) return null
  const keywordEnd = data.indexOf(0)
  if (keywordEnd < 0) return null
  if (type !== UNICODE_TEXT) return data.subarray(keywordEnd + 2)
  if (data[keywordEnd + 1] !== 1) return null
  // Flag and method of packing, language, translated keyword.
  const languageEnd = data.indexOf(0, keywordEnd + 3)
  return data.subarray(data.indexOf(0, languageEnd + 1) + 1)
}

/** W3C PNG, the last chunk of which is IEND. */
export const png: Container = {
  format: 'png',
  matches: (bytes) => hasText(bytes, 0, '\x89PNG\r\n\x1a\n'),
  isComplete(bytes) {
    for (const { type } of chunksOf(bytes)) if (type === END) return true
    return false
  },
  *metadata(bytes) {
    for (const chunk of chunksOf(bytes)) {
      if (chunk.type === END) return
      if (pictureChunks.has(chunk.type)) continue
      yield { length: chunkFrame + chunk.data.length, packed: packedPart(chunk) }
    }
  },
}
