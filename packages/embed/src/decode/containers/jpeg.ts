import { viewOf } from './byte-reading.js'
import type { Container } from './container.js'

const START_OF_SCAN = 0xda
const END_OF_IMAGE = Buffer.from([0xff, 0xd9])

/** Offset of the first scan, or null where the header segments do not lead to one. */
function firstScan(bytes: Uint8Array): number | null {
  const view = viewOf(bytes)
  let offset = 2
  while (offset + 4 <= bytes.length && view.getUint8(offset) === 0xff) {
    const marker = view.getUint8(offset + 1)
    if (marker === START_OF_SCAN) return offset
    // A marker may be padded with 0xff.
    offset += marker === 0xff ? 1 : 2 + view.getUint16(offset + 2)
  }
  return offset + 4 <= bytes.length ? null : bytes.length
}

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
}
