import { AssayError, type RgbImage } from '@assay/core'
import { decodeImage } from '@assay/embed'
import type { ServiceAccess } from './http/service-access.js'

/** A picture as it came, and its pixels. */
export interface ReadPicture {
  readonly image: RgbImage
  readonly file: { readonly bytes: Uint8Array; readonly mediaType: string }
}

/**
 * Decodes what a service sent as a picture, whatever content type it names.
 *
 * @throws AssayError of kind `image` that names the seed; `ABORTED`
 */
export async function readPicture(
  { service, imageLimits: limits }: ServiceAccess,
  bytes: Uint8Array,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<ReadPicture> {
  const name = pictureName(service, seed)
  const image = await decodeImage(bytes, { limits, name, signal })
  return { image, file: { bytes, mediaType: mediaType(bytes) } }
}

/**
 * Bytes of a picture that came as base64 (RFC 4648, §4), padded, maybe as a data URL.
 *
 * @throws AssayError `IMAGE_CORRUPT` where it is cut off or holds anything else
 */
export function fromBase64({ service }: ServiceAccess, text: string, seed: number): Uint8Array {
  const digits = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0
  const bytes = Buffer.from(digits, 'base64')
  // What is no digit is left out in silence, so that too few bytes tell of it.
  if (digits.length % 4 === 0 && bytes.length === (digits.length / 4) * 3 - padding) return bytes
  const file = pictureName(service, seed)
  throw new AssayError({
    code: 'IMAGE_CORRUPT',
    message: `${file} is not whole base64.`,
    value: digits.length,
    remedy: 'Ask for it again; if it comes again, look for what cuts answers off on their way.',
    location: { file },
  })
}

const pictureName = (service: string, seed: number) => `the picture of ${service} for seed ${seed}`

const signatures: readonly (readonly [mediaType: string, offset: number, text: string])[] = [
  ['image/png', 1, 'PNG'],
  ['image/jpeg', 0, '\xff\xd8'],
  ['image/webp', 8, 'WEBP'],
  ['image/avif', 4, 'ftyp'],
]

/** Media type of a file that was decoded, so that it is one of these four. */
function mediaType(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  const found = signatures.find(([, offset, text]) => start.startsWith(text, offset))
  return found?.[0] ?? 'application/octet-stream'
}
