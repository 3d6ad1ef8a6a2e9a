import { avif } from './containers/avif.js'
import { hasText } from './containers/byte-reading.js'
import type { Container } from './containers/container.js'
import { jpeg } from './containers/jpeg.js'
import { png } from './containers/png.js'
import { webp } from './containers/webp.js'

const containers: readonly Container[] = [jpeg, png, webp, avif]

// What people most often have instead, for the message only.
const others: readonly (readonly [name: string, offset: number, text: string])[] = [
  ['GIF', 0, 'GIF8'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['BMP', 0, 'BM'],
  ['PDF', 0, '%PDF'],
  ['SVG', 0, '<svg'],
  ['XML', 0, '<?xml'],
  ['HTML', 0, '<!DOCTYPE'],
  ['HEIC or another ISO media file', 4, 'ftyp'],
  ['JPEG 2000', 4, 'jP  '],
  ['JPEG XL', 4, 'JXL '],
  ['JPEG XL', 0, '\xff\x0a'],
]

/** The container that `bytes` begin with, whatever the file is called; null for anything else. */
export const identifyImage = (bytes: Uint8Array): Container | null =>
  containers.find((container) => container.matches(bytes)) ?? null

/** A name for bytes that {@link identifyImage} does not know. */
export const describeContent = (bytes: Uint8Array): string =>
  others.find(([, offset, text]) => hasText(bytes, offset, text))?.[0] ?? 'no known picture format'
