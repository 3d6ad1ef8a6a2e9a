import { viewOf } from './byte-reading.js'
import type { Container } from './container.js'

const START_OF_SCAN = 0xda
/** No marker: stands for a header that reaches to the end of the file. */
const END_OF_FILE = -1
const END_OF_IMAGE = Buffer.from([0xff, 0xd9])

interface Segment {
  readonly marker: number
  readonly offset: number
  /** Bytes after the marker. */
  readonly length: number
}

/** Segments in front of the first scan, and that scan's header, as far as each leads to the next. */
function* headerSegments(bytes: Uint8Array): Generator<Segment> {
  const view = viewOf(bytes)
  let offset = 2
  while (offset + 4 <= bytes.length && view.getUint8(offset) === 0xff) {
    const marker = view.getUint8(offset + 1)
    // A marker may be padded with 0xff.
    const length = marker === 0xff ? -1 : view.getUint16(offset + 2)
    if (length >= 0) yield { marker, offset, length }
    if (marker === START_OF_SCAN) return
    offset += 2 + length
  }
  if (offset + 4 > bytes.length) yield { marker: END_OF_FILE, offset: bytes.length, length: 0 }
}

/** Offset of the first scan, or null where the header segments do not lead to one. */
function firstScan(bytes: Uint8Array): number | null {
  for (const { marker, offset } of headerSegments(bytes)) {
    if (marker === START_OF_SCAN || marker === END_OF_FILE) return offset
  }
  return null
}

/** Application data (profiles, EXIF, XMP) and comments. */
const isMetadata = (marker: number) => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe

/** ITU T.81. Scans end with an end-of-image marker; one in front of them belongs to a thumbnail. */
export const jpeg: Container = {
  format: 'jpeg',
  matches: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  isComplete(bytes) {
    const scan = firstScan(bytes)
    return (
      scan === null ||
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(END_OF_IMAGE) > scan
    )
  },
  *metadata(bytes) {
    for (const { marker, length } of headerSegments(bytes)) {
      if (isMetadata(marker)) yield { length, packed: null }
    }
  },
}
