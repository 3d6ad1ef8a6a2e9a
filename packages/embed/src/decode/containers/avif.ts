import { hasText, viewOf } from './byte-reading.js'
import type { Container } from './container.js'

/** Length of the box at `offset` (ISO/IEC 14496-12, 4.2), or null where it makes no sense. */
function boxLength(view: DataView, offset: number): number | null {
  const size = view.getUint32(offset)
  // Size 0: up to the end of the file.
  if (size === 0) return view.byteLength - offset
  if (size !== 1) return size >= 8 ? size : null
  if (offset + 16 > view.byteLength) return Number.POSITIVE_INFINITY
  const large = Number(view.getBigUint64(offset + 8))
  return large >= 16 ? large : null
}

interface Box {
  readonly offset: number
  readonly length: number | null
}

/** The boxes of the file, as far as each leads to the next. */
function* boxesOf(bytes: Uint8Array): Generator<Box> {
  const view = viewOf(bytes)
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const length = boxLength(view, offset)
    yield { offset, length }
    if (length === null) return
    offset += length
  }
}

/** AV1 Image File Format: a file type box that names the brand `avif` or `avis`, then other boxes. */
export const avif: Container = {
  format: 'avif',
  matches(bytes) {
    if (bytes.length < 16 || !hasText(bytes, 4, 'ftyp')) return false
    const end = Math.min(viewOf(bytes).getUint32(0), bytes.length)
    for (let offset = 8; offset + 4 <= end; offset += 4) {
      // Bytes 12 to 15 hold a version, not a brand.
      if (offset === 12) continue
      if (hasText(bytes, offset, 'avif') || hasText(bytes, offset, 'avis')) return true
    }
    return false
  },
  isComplete(bytes) {
    let end = 0
    for (const { offset, length } of boxesOf(bytes)) {
      if (length === null) return true
      end = offset + length
    }
    return end === bytes.length
  },
  *metadata(bytes) {
    for (const { offset, length } of boxesOf(bytes)) {
      // It holds the profile and says where all else lies.
      if (hasText(bytes, offset + 4, 'meta')) yield { length: length ?? 0, packed: null }
    }
  },
}
