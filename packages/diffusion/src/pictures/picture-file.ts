import { AssayError, type GeneratedImage, type RgbImage } from '@assay/core'
import sharp from 'sharp'

/** Extensions of the files that services send. */
const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/avif': 'avif',
}

/** A picture as a file. */
export interface PictureFile {
  readonly extension: string
  readonly bytes: Uint8Array
}

/**
 * The file that a service sent, untouched, or the pixels as PNG, which loses nothing.
 *
 * @throws AssayError `CONFORMANCE_FAILED` for pixels that are not as many as the size says
 */
export async function pictureFile(
  drawn: Extract<GeneratedImage, { readonly outcome: 'image' }>,
): Promise<PictureFile> {
  const { image, file } = drawn
  assertWhole(image)
  const extension = file && extensions[file.mediaType]
  if (file && extension) return { extension, bytes: file.bytes }
  return { extension: 'png', bytes: await encodePng(image) }
}

/** Pixels as PNG: equal pixels give equal bytes. */
async function encodePng({ data, width, height }: RgbImage): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

function assertWhole({ data, width, height }: RgbImage): void {
  if (data.length === width * height * 3 && data.length > 0) return
  throw new AssayError({
    code: 'CONFORMANCE_FAILED',
    message: `The generator gave ${data.length} values for a picture of ${width} x ${height} pixels.`,
    value: { width, height, values: data.length },
    remedy: 'Mend the generator: interleaved red, green and blue, one value each for every pixel.',
  })
}
